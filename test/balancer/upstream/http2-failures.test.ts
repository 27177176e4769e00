import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { certificateOf } from '../support/certificates.ts'
import { h2Backend } from '../support/h2-backend.ts'
import { h2Frames, headers, lastData } from '../support/h2-frames.ts'
import { type RawBackend, rawBackend } from '../support/raw-backend.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import {
  answerFrame,
  dataOf,
  flag,
  frame,
  framesOf,
  frameType,
  rawH2Backend,
  word,
} from '../support/raw-h2-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const post = get.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 0\r\n\r\n')
const posting = get.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 9\r\n\r\nabc')

const clear = (...backends: { readonly port: number }[]) => ({
  backends: backends.map(({ port }) => ({ url: `h2c://127.0.0.1:${port}`, weight: 1 })),
})
const okay = (socket: Socket, stream: number) =>
  socket.write(answerFrame(stream, [], flag.endStream | flag.endHeaders))
const reset = (stream: number, code: number) => frame(frameType.reset, 0, stream, word(code))
const goAway = (last: number, code = 0) => frame(frameType.goAway, 0, 0, word(last) + word(code))

test.for([
  ['in good order', 0],
  ['with an error', 2],
] as const)(
  'what a backend that goes away %s did not look at is sent again, whatever it is',
  async ([, code]) => {
    const held: number[] = []
    await using backend = await rawH2Backend((socket, stream, connection) => {
      if (connection > 0 || stream === 1) okay(socket, stream)
      else if (held.push(stream) === 3) socket.write(goAway(1, code))
    })
    await using balancer = await balance([], clear(backend))
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
    const responses = await Promise.all([1, 2, 3].map(() => exchange(balancer.port, post)))
    for (const response of responses) expect(response).toMatch(/^HTTP\/1\.1 200 /)
    expect(balancer.counts()).toMatchObject({ answered: 4, retried: 3, inFlight: [0] })
  },
)

/** Calls `act` after so many turns of the event loop, before what comes later in the last of them. */
function afterTurns(turns: number, act: () => void): void {
  if (turns === 0) act()
  else setImmediate(() => afterTurns(turns - 1, act))
}

const ends = [
  ['closed', (socket: Socket) => socket.destroy()],
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
] as const

test.for([0, 1, 2, 3].flatMap((turns) => ends.map(([how, end]) => [how, turns, end] as const)))(
  'a POST does not go into a session that was %s unseen, %d turns after the POST came, but into another',
  async ([, turns, end]) => {
    const seen: number[] = []
    await using backend = await rawH2Backend((socket, stream, connection) => {
      seen.push(connection)
      okay(socket, stream)
    })
    await using balancer = await balance([], clear(backend))
    await using client = await rawClient(balancer.port)
    client.send(get.replace('Connection: close\r\n', ''))
    await client.until(/\r\n\r\n$/)
    const [socket] = backend.sockets
    afterTurns(turns, () => socket && end(socket))
    balancer.deliver(Buffer.from(`${posting}defghi`))
    expect(await client.closed()).toMatch(/ 200 .* 200 /s)
    expect(seen).toEqual([0, 1])
    await backend.until(/abcdefghi/)
    expect(balancer.counts()).toMatchObject({
      answered: 2,
      retried: 1,
      // From the second turn on, it was handed to the session, which had not written it.
      perBackend: [turns < 2 ? 2 : 3],
      inFlight: [0],
    })
  },
)

test('a POST whose write fails at once, since its session was reset just before, goes into another', async () => {
  const seen: number[] = []
  await using backend = await rawH2Backend((socket, stream, connection) => {
    seen.push(connection)
    okay(socket, stream)
  })
  await using balancer = await balance([], clear(backend))
  await using client = await rawClient(balancer.port)
  client.send(get.replace('Connection: close\r\n', ''))
  await client.until(/\r\n\r\n$/)
  beforeWrite('abcdefghi', () => resetNow(backend.sockets[0] as Socket))
  balancer.deliver(Buffer.from(`${posting}defghi`))
  expect(await client.closed()).toMatch(/ 200 .* 200 /s)
  expect(seen).toEqual([0, 1])
  await backend.until(/abcdefghi/)
  expect(balancer.counts()).toMatchObject({ answered: 2, retried: 1, inFlight: [0] })
})

/** Resets a connection within the call. */
function resetNow(socket: Socket): void {
  const { _handle: handle } = socket as unknown as WithHandle
  handle.reset(() => undefined)
}

interface WithHandle {
  readonly _handle: { reset(closed: () => void): void }
}

/** Calls `act` once, just before a socket writes bytes that contain `text`. */
function beforeWrite(text: string, act: () => void): void {
  const sockets = Socket.prototype
  const { write } = sockets
  sockets.write = function (this: Socket, ...parameters: Parameters<typeof write>) {
    const [bytes] = parameters
    if (Buffer.isBuffer(bytes) && bytes.includes(text)) {
      sockets.write = write
      act()
    }
    return write.apply(this, parameters)
  } as typeof write
}

test('a session with many streams that clients have reset takes no more, before the backend ends it', async () => {
  await using backend = await rawH2Backend((socket, stream, connection) => {
    if (connection > 0 || stream === 1) okay(socket, stream)
  })
  await using balancer = await balance([], clear(backend))
  await using client = await h2Frames(balancer.port)
  const ask = (stream: number) =>
    headers(stream, [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':authority', 'lb.test'],
      [':path', '/'],
    ])
  client.send(ask(1))
  expect(await client.outcome(1)).toBe(200)
  const sent = () => backend.received.flatMap((_, index) => framesOf(backend, index))
  const begun = () => sent().filter(({ type }) => type === frameType.headers).length
  for (let group = 0; group < 30; group++) {
    const streams = Array.from({ length: 10 }, (_, index) => 20 * group + 2 * index + 3)
    client.send(Buffer.concat(streams.map(ask)))
    // Those that are reset before they begin are never sent to a backend.
    await eventually(() => begun() === 1 + 10 * (group + 1))
    client.send(Buffer.concat(streams.map((stream) => reset(stream, 8))))
  }
  client.send(ask(701))
  expect(await client.outcome(701)).toBe(200)
  const resets = framesOf(backend).filter(({ type }) => type === frameType.reset)
  // Some resets of each second do not count.
  expect(resets.length).toBeGreaterThanOrEqual(200)
  expect(resets.length).toBeLessThan(300)
})

test.for([
  ['a small upload', 5, 200],
  ['a large one, whose start is not kept,', 40_000, 502],
] as const)(
  '%s that a backend refuses in its middle is sent elsewhere whole or not at all',
  async ([, bytes, status]) => {
    await using bad = await rawH2Backend(() => undefined)
    await using good = await rawH2Backend(() => undefined)
    await using balancer = await balance([], clear(bad, good))
    await using client = await rawClient(balancer.port)
    const start = 's'.repeat(bytes)
    const ends = '\r\nTransfer-Encoding: chunked\r\n\r\n'
    client.send(get.replace('GET', 'POST').replace('\r\n\r\n', ends))
    await bad.until(/PRI/)
    client.send(`${bytes.toString(16)}\r\n${start}\r\n`)
    await eventually(() => dataOf(bad, 1).length === bytes)
    bad.sockets[0]?.write(reset(1, 7))
    await eventually(() => balancer.counts().retried === (status === 200 ? 1 : 0))
    client.send('3\r\nend\r\n0\r\n\r\n')
    if (status === 200) {
      await eventually(() => dataOf(good, 1) === `${start}end`)
      okay(good.sockets[0] as Socket, 1)
    }
    expect(await client.closed()).toContain(`HTTP/1.1 ${status} `)
    expect(good.received).toHaveLength(status === 200 ? 1 : 0)
  },
)

test('a POST over HTTP/2 that a backend refuses is sent elsewhere with its body', async () => {
  await using bad = await rawH2Backend((socket, stream) => socket.write(reset(stream, 7)))
  await using good = await rawH2Backend(okay)
  await using balancer = await balance([], clear(bad, good))
  await using client = await h2Frames(balancer.port)
  const head = headers(
    1,
    [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':authority', 'lb.test'],
      [':path', '/'],
    ],
    true,
  )
  client.send(Buffer.concat([head, lastData(1, 'the body')]))
  expect(await client.outcome(1)).toBe(200)
  await good.until(/the body/)
  expect(dataOf(good, 1)).toBe('the body')
})

test('what it did look at is answered before it goes', async () => {
  const held: number[] = []
  await using backend = await rawH2Backend((socket, stream, connection) => {
    if (connection > 0) okay(socket, stream)
    else if (held.push(stream) === 2) {
      socket.write(goAway(1))
      setImmediate(() => okay(socket, 1))
    }
  })
  await using balancer = await balance([], clear(backend))
  const responses = await Promise.all([1, 2].map(() => exchange(balancer.port, post)))
  for (const response of responses) expect(response).toMatch(/^HTTP\/1\.1 200 /)
  expect(balancer.counts().retried).toBe(1)
  expect(backend.sockets).toHaveLength(2)
})

/** Two backends, the first of which does `act` with each request. */
async function pair(act: (socket: Socket, stream: number) => void) {
  const bad = await rawH2Backend(act)
  const good = await rawH2Backend(okay)
  const balancer = await balance([], clear(bad, good))
  return {
    balancer,
    good,
    async [Symbol.asyncDispose]() {
      for (const one of [balancer, bad, good]) await one[Symbol.asyncDispose]()
    },
  }
}

const failures = [
  ['a refused stream', (socket: Socket, stream: number) => socket.write(reset(stream, 7)), 200],
  [
    'a stream that is reset',
    (socket: Socket, stream: number) => socket.write(reset(stream, 2)),
    502,
  ],
  [
    'a stream reset without error',
    (socket: Socket, stream: number) => socket.write(reset(stream, 0)),
    502,
  ],
  ['a session that is reset', (socket: Socket) => socket.resetAndDestroy(), 502],
  ['a session that is closed', (socket: Socket) => socket.end(), 502],
] as const

test.for(failures)(
  'after %s a GET is sent elsewhere, and a POST if it is safe',
  async ([, act, status]) => {
    await using two = await pair(act)
    const { port } = two.balancer
    // Round robin: one of two goes to the bad one.
    for (let i = 0; i < 2; i++) expect(await exchange(port, get)).toMatch(/^HTTP\/1\.1 200 /)
    const posts = [await exchange(port, post), await exchange(port, post)]
    expect(posts.map((response) => response.slice(9, 12)).toSorted()).toEqual(['200', `${status}`])
    expect(two.balancer.counts()).toMatchObject({ answered: 4, inFlight: [0, 0] })
  },
)

test.for([
  ['resets the stream', (socket: Socket, stream: number) => socket.write(reset(stream, 2))],
  ['resets it without error', (socket: Socket, stream: number) => socket.write(reset(stream, 0))],
  ['cancels it', (socket: Socket, stream: number) => socket.write(reset(stream, 8))],
  ['closes', (socket: Socket) => socket.end()],
  ['goes away with an error', (socket: Socket) => socket.end(goAway(1, 2))],
  [
    'ends with bad trailers',
    (socket: Socket, stream: number) =>
      socket.write(answerFrame(stream, [['x', 'a\r\nb']], flag.endStream | flag.endHeaders)),
  ],
] as const)('a response whose backend %s in the middle never looks complete', async ([, act]) => {
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(answerFrame(stream, []))
    socket.write(frame(frameType.data, 0, stream, 'some of it'))
    setTimeout(() => act(socket, stream), 20)
  })
  await using balancer = await balance([], clear(backend))
  expect(await exchange(balancer.port, get)).toMatch(/\r\na\r\nsome of it\r\n$/)
  expect(balancer.counts()).toMatchObject({ answered: 0, aborted: 1, inFlight: [0] })
})

test.for([
  ['a name in upper case', [['X-A', 'b']]],
  ['a coding of the other protocol', [['transfer-encoding', 'chunked']]],
  ['a connection option', [['connection', 'close']]],
  [
    'two lengths',
    [
      ['content-length', '2'],
      ['content-length', '3'],
    ],
  ],
  ['a length that is none', [['content-length', '-1']]],
  ['a second status', [[':status', '204']]],
] as const)('a response with %s is 502', async ([, fields]) => {
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(answerFrame(stream, fields))
    socket.write(frame(frameType.data, flag.endStream, stream, 'ok'))
  })
  await using balancer = await balance([], clear(backend))
  const response = await exchange(balancer.port, get)
  expect(response).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/)
  expect(response.match(/HTTP\//g)).toHaveLength(1)
  expect(balancer.counts()).toMatchObject({ answered: 1, failed: { 502: 1 }, inFlight: [0] })
})

test.for([
  ['a line end in its value', [['x-a', 'b\r\nSet-Cookie: c']]],
  ['an end of the head in its value', [['x-a', 'b\r\n\r\nHTTP/1.1 200 OK']]],
  ['a NUL in its value', [['x-a', 'b\0c']]],
  ['a line end in its name', [['x-a: b\r\nx-c', 'd']]],
] as const)('a field with %s is not passed on', async ([, fields]) => {
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(answerFrame(stream, fields))
    socket.write(frame(frameType.data, flag.endStream, stream, 'ok'))
  })
  await using balancer = await balance([], clear(backend))
  const response = await exchange(balancer.port, get)
  expect(response.match(/HTTP\//g)).toHaveLength(1)
  expect(response).not.toMatch(/x-[ac]|set-cookie|\0/i)
})

test.for([
  ['less', 'ab'],
  ['more', 'abcdef'],
])('a response with %s than its length is no complete one', async ([, data]) => {
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(answerFrame(stream, [['content-length', '4']]))
    socket.write(frame(frameType.data, flag.endStream, stream, data))
  })
  await using balancer = await balance([], clear(backend))
  const response = await exchange(balancer.port, get)
  expect(response.split('\r\n\r\n')[1]?.length ?? 0).toBeLessThanOrEqual(4)
  expect(response).not.toContain('ef')
  expect(balancer.counts().inFlight).toEqual([0])
})

test('a protocol is changed to only on HTTP/1.1', async () => {
  await using backend = await rawH2Backend((socket, stream) => {
    socket.write(frame(frameType.headers, flag.endHeaders, stream, '\0\x07:status\x03101'))
  })
  await using balancer = await balance([], clear(backend))
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 /)
})

test('no response in time is 504, and the stream to the backend is cancelled', async () => {
  await using backend = await h2Backend(() => undefined)
  await using balancer = await balance([], {
    ...clear(backend),
    timeouts: { firstByte: 0.1 },
  })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 504 /)
  await eventually(() => backend.asked[0]?.stream.closed === true)
  expect(backend.asked[0]?.stream.rstCode).toBe(8)
  expect(backend.sessions[0]?.destroyed).toBe(false)
  expect(balancer.counts()).toMatchObject({ failed: { 504: 1 }, inFlight: [0] })
})

test('a response that stops in the middle is cut, and the stream to the backend is cancelled', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond({ ':status': 200 })
    stream.write('some of it')
  })
  await using balancer = await balance([], { ...clear(backend), timeouts: { idle: 0.1 } })
  expect(await exchange(balancer.port, get)).toMatch(/some of it\r\n$/)
  await eventually(() => backend.asked[0]?.stream.rstCode === 8)
})

test.for([
  ['says nothing', 504, ''],
  ['speaks HTTP/1.1', 502, 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
] as const)('a backend that %s instead of HTTP/2 is %i', async ([, status, says]) => {
  await using backend = await rawBackend((socket) => void socket.write(says))
  await using balancer = await balance([], { ...clear(backend), timeouts: { connect: 0.1 } })
  const responses = await Promise.all([exchange(balancer.port, get), exchange(balancer.port, get)])
  for (const response of responses) expect(response.slice(9, 12)).toBe(`${status}`)
  expect(backend.sockets).toHaveLength(1)
  await eventually(() => backend.open() === 0)
})

test('a backend that takes no streams is 502', async () => {
  await using backend = await rawH2Backend(() => undefined, `\0\x03${word(0)}`)
  await using balancer = await balance([], clear(backend))
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 /)
  expect(backend.sockets).toHaveLength(1)
})

test('a client that goes away ends the work of its backend, and nothing else', async () => {
  await using backend = await h2Backend(() => undefined)
  await using balancer = await balance([], clear(backend))
  await using one = await rawClient(balancer.port)
  await using other = await rawClient(balancer.port)
  one.send(get)
  await eventually(() => backend.asked.length === 1)
  other.send(posting)
  await eventually(() => backend.asked.length === 2)
  one.socket.resetAndDestroy()
  await eventually(() => backend.asked[0]?.stream.closed === true)
  expect(backend.asked[0]?.stream.rstCode).toBe(8)
  expect(backend.asked[1]?.stream.closed).toBe(false)
  expect(balancer.counts()).toMatchObject({ aborted: 1, inFlight: [1] })
  other.socket.resetAndDestroy()
  await eventually(() => backend.asked[1]?.stream.closed === true)
  await eventually(() => balancer.counts().inFlight[0] === 0)
  expect(backend.sessions).toHaveLength(1)
})

test('a session whose peer vanished is given up', async () => {
  await using backend = await rawH2Backend((socket, stream, connection) => {
    if (connection > 0) okay(socket, stream)
  })
  await using balancer = await balance([], {
    ...clear(backend),
    timeouts: { firstByte: 0.1, connect: 0.2, pool: 3600 },
  })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 504 /)
  await eventually(() => backend.open() === 0)
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
})

test('a slow reader holds up its own response, and no other in the session', async () => {
  let written = 0
  await using backend = await h2Backend(({ stream, headers }) => {
    stream.respond({ ':status': 200 })
    if (headers[':path'] === '/small') stream.end('ok')
    else {
      const part = Buffer.alloc(65_536)
      const pour = () => {
        do written += part.length
        while (stream.write(part))
      }
      stream.on('drain', pour)
      pour()
    }
  })
  await using balancer = await balance([], clear(backend))
  await using slow = await rawClient(balancer.port)
  slow.socket.pause()
  slow.send(get)
  let before = -1
  await eventually(async () => {
    const same = before === written && written > 0
    before = written
    await new Promise((resolve) => setTimeout(resolve, 200))
    return same
  })
  // What the kernel holds of two connections, and the window of the stream.
  expect(written).toBeLessThan(16 * 2 ** 20)
  expect(await exchange(balancer.port, get.replace('/ ', '/small '))).toMatch(/ok\r\n0\r\n\r\n$/)
  expect(backend.sessions).toHaveLength(1)
  slow.socket.resume()
  await eventually(() => written > before)
})

test('a backend that does not read holds up its client', async () => {
  await using backend = await h2Backend(() => undefined)
  await using balancer = await balance([], clear(backend))
  await using client = await rawClient(balancer.port)
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 ** 30}\r\n\r\n`)
  let sent = 0
  const part = Buffer.alloc(65_536)
  const pour = () => {
    while (client.socket.writableLength < part.length && sent < 2 ** 30) {
      sent += part.length
      client.socket.write(part)
    }
  }
  client.socket.on('drain', pour)
  pour()
  let before = -1
  await eventually(async () => {
    const same = before === sent
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 200))
    return same
  })
  expect(sent).toBeLessThan(16 * 2 ** 20)
  backend.asked[0]?.stream.resume()
  await eventually(() => sent > before + 2 ** 20)
})

const url = ({ port }: { readonly port: number }) => ({
  backends: [{ url: `https://127.0.0.1:${port}`, weight: 1 }],
})

test.for([
  ['signed by nobody known', 'backend', {}, 502],
  ['for another name', 'other', { ca: certificateOf('ca') }, 502],
  ['that is not looked at', 'other', { verify: false }, 200],
] as const)('a certificate %s', async ([, cert, backendTls, status]) => {
  await using backend = await h2Backend(
    ({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.end()
    },
    { cert },
  )
  await using balancer = await balance([], { ...url(backend), backendTls })
  expect((await exchange(balancer.port, get)).slice(9, 12)).toBe(`${status}`)
  expect(backend.asked).toHaveLength(status === 200 ? 1 : 0)
})

test('a backend that never shakes hands is 504', async () => {
  await using backend: RawBackend = await rawBackend(() => undefined)
  await using balancer = await balance([], { ...url(backend), timeouts: { connect: 0.1 } })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 504 /)
  await eventually(() => backend.open() === 0)
})
