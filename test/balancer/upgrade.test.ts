import { expect, test } from 'vitest'
import { balance, eventually } from './support/balance.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { slowPeer } from './support/slow-peer.ts'

const upgrade = (protocol: string) =>
  `GET /chat HTTP/1.1\r\nHost: lb.test\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`
const switched =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** Changes to a protocol in which it says back what it hears. */
const echoing = (early = '') =>
  rawBackend((socket, text) => {
    const [, said = ''] = text.split('\r\n\r\n')
    if (socket.bytesWritten === 0) socket.write(switched + early + said)
    else
      socket.write(
        text.slice(
          socket.bytesWritten - switched.length - early.length + text.indexOf('\r\n\r\n') + 4,
        ),
      )
  })

test('becomes a tunnel in both directions, and early bytes are not lost', async () => {
  await using backend = await echoing('early ')
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(`${upgrade('websocket')}first`)
  expect(await client.until(/early first$/)).toMatch(
    /^HTTP\/1\.1 101 .*\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly first$/s,
  )
  client.send(' second')
  await client.until(/ second$/)
  expect(balancer.counts().inFlight).toEqual([1])
  expect(backend.received[0]).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/)
})

test('a connection on which an upgrade was declined serves no other request', async () => {
  await using backend = await rawBackend(
    respondWith('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  )
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/ok$/)
  client.send('GET /next HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  await client.until(/ok.*ok$/s)
  expect(backend.received).toEqual([
    expect.stringContaining('/chat'),
    expect.stringMatching(/^GET \/next /),
  ])
})

test('the protocols that a 426 requires reach the client, and no other response names any', async () => {
  const lines =
    'Upgrade: TLS/1.2\r\nUpgrade: websocket\r\nConnection: upgrade, X-Hop\r\nX-Hop: 1\r\n'
  const response = (status: string) => `HTTP/1.1 ${status}\r\n${lines}Content-Length: 4\r\n\r\nplea`
  await using backend = await rawBackend((socket, text) => {
    const isOld = text.lastIndexOf('GET /old ') === text.lastIndexOf('GET ')
    socket.write(response(isOld ? '426 Upgrade Required' : '200 OK'))
  })
  await using balancer = await balance([backend.port])
  const ask = (path: string) =>
    exchange(balancer.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  const required = await ask('/old')
  expect(required).toMatch(
    /^HTTP\/1\.1 426 Upgrade Required\r\n.*\r\nConnection: Upgrade\r\nUpgrade: TLS\/1\.2, websocket\r\n/s,
  )
  expect(required).toMatch(/\r\nConnection: close\r\n.*plea$/s)
  expect(required).not.toContain('X-Hop')
  expect(await ask('/')).not.toContain('Upgrade:')
})

test('a tunnel ends with its client, and with its backend', async () => {
  await using backend = await echoing()
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/\r\n\r\n/)
  client.socket.resetAndDestroy()
  await eventually(() => backend.open() === 0)
  await using other = await rawClient(balancer.port)
  other.send(upgrade('websocket'))
  await other.until(/\r\n\r\n/)
  backend.sockets[1]?.end('bye')
  expect(await other.closed()).toMatch(/bye$/)
  await eventually(() => balancer.counts().inFlight[0] === 0)
  expect(balancer.counts()).toMatchObject({ requests: 2, answered: 1, aborted: 1 })
})

test.for([
  ['open', false],
  ['half closed by the client', true],
] as const)(
  'a silent tunnel, %s, is reset after its time, whatever the request may take',
  async ([, ends]) => {
    await using backend = await echoing()
    Object.assign(backend.server, { allowHalfOpen: true })
    const timeouts = { tunnel: 2, request: 0.1, idle: 0.1 }
    const health = { passive: { failures: 1 }, maxEjectedShare: 1 }
    await using balancer = await balance([backend.port], { timeouts, health })
    await using client = await rawClient(balancer.port)
    client.send(upgrade('websocket'))
    await client.until(/\r\n\r\n/)
    // Traffic in one direction is enough: each message is more than the time limit of a request behind the last.
    for (let n = 0; n < 3; n++) {
      await client.quiet(150)
      backend.sockets[0]?.write('x')
      await client.until(new RegExp(`x{${n + 1}}$`))
    }
    if (ends) client.socket.end()
    await client.closed()
    await eventually(() => balancer.counts().inFlight[0] === 0)
    expect(balancer.counts()).toMatchObject({ aborted: 1, inFlight: [0] })
    await using next = await rawClient(balancer.port)
    next.send(upgrade('websocket'))
    expect(await next.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 101 /)
  },
)

const much = Buffer.alloc(64 << 20)

test('a tunnel waits for a backend that does not read, and loses nothing', async () => {
  await using backend = await rawBackend((socket) => {
    if (socket.bytesWritten > 0) return
    socket.write(switched)
    socket.pause()
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/\r\n\r\n/)
  client.send(much)
  await eventually(() => balancer.clients()[0]?.isPaused() === true)
  const [socket] = backend.sockets
  socket?.removeAllListeners('data')
  let came = 0
  socket?.on('data', (chunk) => {
    came += chunk.length
  })
  socket?.resume()
  await eventually(() => came === much.length)
})

test('a tunnel waits for a client that does not read, and loses nothing', async () => {
  await using backend = await rawBackend((socket) => {
    if (socket.bytesWritten === 0) socket.write(switched)
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/\r\n\r\n/)
  const before = client.socket.bytesRead
  client.socket.pause()
  backend.sockets[0]?.write(much)
  const waiting = () => balancer.clients()[0]?.writableLength ?? 0
  let seen = 0
  let same = 0
  await eventually(() => {
    const now = waiting()
    same = now > 0 && now === seen ? same + 1 : 0
    seen = now
    return same === 50
  })
  expect(seen).toBeLessThan(1 << 20)
  client.socket.resume()
  await eventually(() => client.socket.bytesRead - before === much.length)
})

test('a tunnel is not silent while its client takes what waits for it, however slowly', async () => {
  await using backend = await echoing()
  await using balancer = await balance([backend.port], { timeouts: { tunnel: 0.2 } })
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/\r\n\r\n/)
  const [connection] = balancer.clients()
  if (connection === undefined) throw new Error('there is no connection')
  const peer = slowPeer(connection)
  backend.sockets[0]?.write('x')
  // Each time that it is asked a time limit is over.
  await eventually(() => peer.asked() >= 3)
  expect(client.isClosed()).toBe(false)
  peer.stop()
  await client.closed()
  expect(balancer.counts()).toMatchObject({ aborted: 1, inFlight: [0] })
})

test('a client that closed its side of a tunnel still hears the rest', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (socket.bytesWritten === 0) socket.write(switched)
    if (text.endsWith('last words')) socket.on('end', () => socket.end('heard them'))
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/\r\n\r\n/)
  client.send('last words')
  client.socket.end()
  expect(await client.closed()).toMatch(/heard them$/)
})

test('a backend hears that its client closed its side before the tunnel was there', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  client.socket.end()
  await backend.until(/\r\n\r\n/)
  await eventually(() => balancer.clients()[0]?.readableEnded === true)
  const heard = new Promise((resolve) => backend.sockets[0]?.once('end', resolve))
  backend.sockets[0]?.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  await heard
})

test('a backend that does not want to change responds as usual', async () => {
  await using backend = await rawBackend(
    respondWith('HTTP/1.1 200 OK\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno'),
  )
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(upgrade('websocket'))
  await client.until(/no$/)
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect((await client.closed()).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
})

test.for([
  ['that nobody asked for', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['to another protocol', upgrade('irc')],
])('a 101 %s is 502', async ([, request = '']) => {
  await using backend = await rawBackend((socket) => socket.write(switched))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(request)
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 502 /)
})

test.for([
  ['to a WebSocket with a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n', 'hi'],
  ['in HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\n', ''],
] as const)('an upgrade %s is a request like any other', async ([, lines, body]) => {
  await using backend = await rawBackend(
    respondWith('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  )
  await using balancer = await balance([backend.port])
  const more = 'Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n'
  expect(await exchange(balancer.port, lines + more + body)).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.received[0]).not.toMatch(/upgrade/i)
})

/** An upgrade behind a body, as Docker attaches to a process. */
const attach = (framing: string, body: string) =>
  `POST /exec HTTP/1.1\r\nHost: lb.test\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${framing}\r\n\r\n${body}`
const attached = switched.replace('websocket', 'tcp')

test.for([
  ['a length', attach('Content-Length: 2', '{}'), '{}'],
  ['chunks', attach('Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'), '2\r\n{}\r\n0\r\n\r\n'],
])(
  'a request whose body has %s changes the protocol behind it',
  async ([, request = '', body = '']) => {
    await using backend = await rawBackend((socket, text) => {
      if (socket.bytesWritten === 0 && text.endsWith(body)) socket.write(`${attached}out`)
      else if (text.endsWith('in')) socket.write(' again')
    })
    await using balancer = await balance([backend.port])
    await using client = await rawClient(balancer.port)
    client.send(request)
    expect(await client.until(/out$/)).toMatch(/^HTTP\/1\.1 101 .*\r\nUpgrade: tcp\r\n\r\nout$/s)
    client.send('in')
    await client.until(/out again$/)
    expect(backend.received[0]).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n/)
    expect(backend.received[0]?.split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(`${body}in`)
  },
)

test('a 101 before the request is complete is 502: the rest of its body is not for the tunnel', async () => {
  await using backend = await rawBackend((socket) => {
    if (socket.bytesWritten === 0) socket.write(attached)
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(attach('Content-Length: 20', '{}'))
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 502 .*\r\nConnection: close\r\n/s)
})

test.for(['h2c', 'websocket, h2c', 'websocket,\th2c', 'H2C/1'])(
  'Upgrade: %s is not passed on',
  async (protocols) => {
    await using backend = await rawBackend(
      respondWith('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    )
    await using balancer = await balance([backend.port])
    const request = upgrade(protocols).replace('Upgrade\r\n', 'Upgrade, HTTP2-Settings, close\r\n')
    await exchange(balancer.port, request.replace('\r\n\r\n', '\r\nHTTP2-Settings: AAM\r\n\r\n'))
    expect(backend.received[0]).not.toMatch(/upgrade|http2|connection/i)
  },
)
