import { expect, test } from 'vitest'
import { balance, closedPort, eventually, type TestBalancer } from './support/balance.ts'
import { type HttpBackend, httpBackend } from './support/http-backend.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'
import { steadyLoad } from './support/steady-load.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const okay = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Passive health with few failures, and ejections of so many seconds. */
const passive = (failures: number, ejection: number) => ({
  passive: { failures, ejection, statuses: [503] },
})

/** Waits until the first backend of two gets nothing: the balancer has checked it, and ejected it. */
async function untilEjected({ port, counts }: TestBalancer): Promise<void> {
  await eventually(async () => {
    const before = counts().perBackend[0]
    for (let n = 0; n < 3; n++) await exchange(port, get)
    return counts().perBackend[0] === before
  })
}

test('a backend that fails is left alone for a time, and gets requests again after it', async () => {
  let broken = true
  await using bad = await rawBackend((socket, text) => {
    if (broken) socket.destroy()
    else respondWith(okay)(socket, text)
  })
  await using good = await recordingBackend()
  await using balancer = await balance([bad.port, good.port], { health: passive(3, 0.3) })
  for (let n = 0; n < 12; n++) {
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  }
  await untilEjected(balancer)
  expect(balancer.counts()).toMatchObject({ failed: { 502: 0 } })
  broken = false
  const before = balancer.counts().perBackend[0] ?? 0
  await eventually(async () => {
    await exchange(balancer.port, get)
    return (balancer.counts().perBackend[0] ?? 0) > before
  })
})

test.for([
  ['responds with 503', (socket) => socket.end('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n')],
  ['responds with garbage', (socket) => socket.end('GARBAGE GARBAGE\r\n\r\n')],
  ['breaks off', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')],
] as const satisfies [string, (socket: import('node:net').Socket) => void][])(
  'a backend that %s is ejected',
  async ([, act]) => {
    await using bad = await rawBackend((socket) => void act(socket))
    await using good = await recordingBackend()
    await using balancer = await balance([bad.port, good.port], { health: passive(2, 60) })
    await untilEjected(balancer)
    const [bads = 0, goods = 0] = balancer.counts().perBackend
    for (let n = 0; n < 8; n++) await exchange(balancer.port, get)
    expect(balancer.counts().perBackend).toEqual([bads, goods + 8])
  },
)

test('what its client did is not held against a backend, nor an idle connection that it closed', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.includes('/wait')) return
    // The second request of a connection finds it closed.
    if (text.split('\r\n\r\n').length > 2) socket.destroy()
    else respondWith(okay)(socket, text)
  })
  await using other = await recordingBackend()
  await using balancer = await balance([backend.port, other.port], { health: passive(1, 60) })
  for (let n = 0; n < 6; n++) {
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  }
  await using client = await rawClient(balancer.port)
  client.send(get.replace('/ ', '/wait '))
  await backend.until(/\/wait/)
  client.socket.resetAndDestroy()
  await eventually(() => balancer.counts().aborted === 1)
  const [before = 0] = balancer.counts().perBackend
  for (let n = 0; n < 4; n++) await exchange(balancer.port, get)
  expect(balancer.counts().perBackend[0]).toBeGreaterThan(before)
})

test('with too few backends healthy all of them are tried, rather than none', async () => {
  const response = 'HTTP/1.1 503 Mine\r\nContent-Length: 4\r\n\r\nmine'
  const ejecting = { ...passive(1, 60), maxEjectedShare: 1 }
  await using one = await rawBackend(respondWith(response))
  await using two = await rawBackend(respondWith(response))
  const ports = [one.port, two.port]
  await using strict = await balance(ports, { health: ejecting })
  await using lenient = await balance(ports, { health: { ...ejecting, panicThreshold: 0.5 } })
  for (let n = 0; n < 8; n++) {
    await exchange(strict.port, get)
    expect(await exchange(lenient.port, get)).toMatch(/mine$/)
  }
  expect(strict.counts()).toMatchObject({ perBackend: [1, 1], failed: { 503: 6 } })
  expect(lenient.counts()).toMatchObject({ failed: { 503: 0 } })
})

test('a backend that returns gets less than its share at first', async () => {
  let broken = true
  await using back = await rawBackend((socket, text) => {
    if (broken) socket.destroy()
    else respondWith(okay)(socket, text)
  })
  await using other = await recordingBackend()
  await using balancer = await balance([back.port, other.port], {
    health: { ...passive(1, 0.2), slowStart: 3600 },
  })
  await untilEjected(balancer)
  broken = false
  const before = balancer.counts().perBackend
  const since = (row: number) =>
    (balancer.counts().perBackend[row] as number) - (before[row] as number)
  await eventually(async () => {
    await exchange(balancer.port, get)
    return since(0) > 0
  })
  const start = since(1) - since(0)
  // Without a slow start the two would get the same from here on.
  await eventually(async () => {
    await exchange(balancer.port, get)
    return since(1) - since(0) > start + 20
  })
})

test('with no backend up it is 503, and says when to come back', async () => {
  const active = { interval: 0.05, timeout: 0.05, rise: 1, fall: 1 }
  const port = await closedPort()
  await using balancer = await balance([port], { health: { active } })
  let response = ''
  await eventually(async () => {
    response = await exchange(balancer.port, get)
    return response.startsWith('HTTP/1.1 503 ')
  })
  expect(response).toMatch(/\r\nRetry-After: \d+\r\n/)
  await using _ = await httpBackend((_request, response) => response.end('ok'), port)
  await eventually(async () => (await exchange(balancer.port, get)).startsWith('HTTP/1.1 200 '))
})

test('no GET fails while one backend after the other is killed and started again', async () => {
  const respond = (_: unknown, response: import('node:http').ServerResponse) => response.end('ok')
  const backends: HttpBackend[] = []
  for (let n = 0; n < 3; n++) backends.push(await httpBackend(respond))
  const ports = backends.map(({ port }) => port)
  await using balancer = await balance(ports, {
    workers: 2,
    health: passive(3, 0.2),
  })
  const load = steadyLoad(balancer.port, 8)
  for (let n = 0; n < 6; n++) {
    const row = n % 3
    await backends[row]?.[Symbol.asyncDispose]()
    const enough = load.answered() + 100
    await eventually(() => load.answered() >= enough)
    const sent = balancer.counts().perBackend[row] ?? 0
    backends[row] = await httpBackend(respond, ports[row])
    await eventually(() => (balancer.counts().perBackend[row] ?? 0) > sent + 10)
  }
  const outcomes = await load.stop()
  expect(Object.keys(outcomes)).toEqual(['200'])
  expect(balancer.counts()).toMatchObject({ failed: { 502: 0, 503: 0, 504: 0 }, aborted: 0 })
  for (const one of backends) await one[Symbol.asyncDispose]()
})

test('a set of weights that an algorithm cannot work on is refused before a socket opens', async () => {
  const backends = [{ url: 'http://127.0.0.1:1', weight: 1_000_000_000 }]
  const port = await closedPort()
  await using _ = await httpBackend((_request, response) => response.end(), port)
  // The port is taken: it would be refused for that, were it tried first.
  await expect(
    balance([], { backends, port, workers: 1, algorithm: 'consistent-hash' }),
  ).rejects.toThrow(/weight/)
})
