import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { h2Backend } from '../support/h2-backend.ts'
import { h2Frames, headers as requestHeaders, windowSetting } from '../support/h2-frames.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import {
  answerFrame,
  dataOf,
  flag,
  frame,
  framesOf,
  frameType,
  rawH2Backend,
  resetCode,
  word,
} from '../support/raw-h2-backend.ts'

const clear = (...backends: { readonly port: number }[]) => ({
  backends: backends.map(({ port }) => ({ url: `h2c://127.0.0.1:${port}`, weight: 1 })),
})
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const post = get.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 0\r\n\r\n')
const last = flag.endStream | flag.endHeaders
const okay = (socket: Socket, stream: number) => socket.write(answerFrame(stream, [], last))
const status = (stream: number, code: string, flags: number) =>
  frame(frameType.headers, flags, stream, `\0\x07:status${String.fromCharCode(code.length)}${code}`)

test('a window that a backend makes too large ends that connection alone: its requests are 502', async () => {
  const held: number[] = []
  await using backend = await rawH2Backend((socket, stream, connection) => {
    if (connection > 0) okay(socket, stream)
    else if (held.push(stream) === 4) {
      for (let i = 0; i < 2; i++)
        socket.write(frame(frameType.windowUpdate, 0, 0, word(0x7fffffff)))
    }
  })
  await using balancer = await balance([], clear(backend))
  const upload = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n`
  await using client = await rawClient(balancer.port)
  client.send(upload + 'x'.repeat(100_000))
  await eventually(() => held.length === 1)
  const responses = await Promise.all([1, 2, 3].map(() => exchange(balancer.port, post)))
  for (const response of [...responses, await client.closed()]) {
    expect(response).toMatch(/^HTTP\/1\.1 502 /)
  }
  // FLOW_CONTROL_ERROR: RFC 9113, section 6.9.1.
  const goAway = framesOf(backend).find(({ type }) => type === frameType.goAway)
  expect(goAway?.payload.readUInt32BE(4)).toBe(3)
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  expect(balancer.counts()).toMatchObject({ failed: { 502: 4 }, inFlight: [0] })
})

test.for(['042', '99', '2000', '20', 'abc', ''])('the status "%s" is 502', async (code) => {
  await using backend = await rawH2Backend((socket, stream) =>
    socket.write(status(stream, code, last)),
  )
  await using balancer = await balance([], clear(backend))
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 /)
})

test.for(['600', '999'])('the status %s is passed on', async (code) => {
  await using backend = await rawH2Backend((socket, stream) =>
    socket.write(status(stream, code, last)),
  )
  await using balancer = await balance([], clear(backend))
  expect(await exchange(balancer.port, get)).toMatch(new RegExp(`^HTTP/1\\.1 ${code} `))
})

test.for<readonly [string, readonly (readonly [string, string])[]]>([
  ['fields', Array.from({ length: 40 }, (_, i) => [`a${i}`, '1'] as const)],
  ['bytes', Array.from({ length: 20 }, (_, i) => [`a${i}`, 'v'.repeat(120)] as const)],
])('a head with more %s than the limit is 502, and the session is kept', async ([, fields]) => {
  await using backend = await rawH2Backend((socket, stream) => {
    if (stream === 1) okay(socket, stream)
    else socket.write(answerFrame(stream, fields, last))
  })
  await using balancer = await balance([], {
    ...clear(backend),
    limits: { fields: 30, headBytes: 2000 },
  })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  const response = await exchange(balancer.port, get)
  expect(response).toMatch(/^HTTP\/1\.1 502 /)
  expect(backend.sockets).toHaveLength(1)
  expect(backend.open()).toBe(1)
})

test('interim responses that a client does not read reset their stream, and hold up no other', async () => {
  const interim = (stream: number) =>
    frame(
      frameType.headers,
      flag.endHeaders,
      stream,
      `\0\x07:status\x03103\0\x04link${'\x78'}${'x'.repeat(0x78)}`,
    )
  await using backend = await rawH2Backend((socket, stream) => {
    if (stream > 1) {
      okay(socket, stream)
      return
    }
    const pour = () => {
      if (resetCode(backend, 1) !== undefined || socket.destroyed) return
      for (let i = 0; i < 100; i++) socket.write(interim(stream))
      setImmediate(pour)
    }
    pour()
  })
  await using balancer = await balance([], { ...clear(backend), timeouts: { firstByte: 3600 } })
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send(get)
  // ENHANCE_YOUR_CALM.
  await eventually(() => resetCode(backend, 1) === 11)
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  client.socket.resume()
  expect(await client.closed()).toMatch(/HTTP\/1\.1 502 /)
  expect(backend.sockets).toHaveLength(1)
})

test.for([
  ['less', 'ab'],
  ['more', 'abcdef'],
])('content with %s bytes than its length, before any was passed on, is 502', async ([, data]) => {
  await using backend = await rawH2Backend((socket, stream) => {
    const head = answerFrame(stream, [['content-length', '4']])
    socket.write(Buffer.concat([head, frame(frameType.data, flag.endStream, stream, data)]))
  })
  await using balancer = await balance([], clear(backend))
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 /)
})

test('an upload waits for the window of the backend, in bounded memory, and goes on with it', async () => {
  let window = (_bytes: number) => {}
  await using backend = await rawH2Backend(
    (socket, stream) => {
      window = (bytes) => {
        socket.write(frame(frameType.windowUpdate, 0, 0, word(bytes)))
        socket.write(frame(frameType.windowUpdate, 0, stream, word(bytes)))
      }
      // SETTINGS_INITIAL_WINDOW_SIZE of 0.
    },
    `\0\x04${word(0)}`,
  )
  await using balancer = await balance([], clear(backend))
  await using client = await rawClient(balancer.port)
  const size = 2 ** 24
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  await eventually(() => framesOf(backend).some(({ type }) => type === frameType.headers))
  client.socket.write(Buffer.alloc(size, 'x'))
  let before = -1
  await eventually(async () => {
    const same = before === client.socket.writableLength
    before = client.socket.writableLength
    await new Promise((resolve) => setTimeout(resolve, 100))
    return same
  })
  // The rest stays with the client: the balancer did not read it.
  expect(client.socket.bytesWritten - size).toBeLessThan(1000)
  const [socket] = balancer.clients()
  expect(socket?.bytesRead).toBeLessThan(2 ** 20)
  window(1000)
  await eventually(() => dataOf(backend, 1).length === 1000)
})

test('an upload whose backend takes it slowly is no stalled one', async () => {
  const timer = { stop: () => {} }
  await using backend = await rawH2Backend(
    (socket, stream) => {
      const interval = setInterval(() => {
        socket.write(frame(frameType.windowUpdate, 0, stream, word(1000)))
        if (dataOf(backend, stream).length < 10_000) return
        clearInterval(interval)
        okay(socket, stream)
      }, 20)
      timer.stop = () => clearInterval(interval)
    },
    `\0\x04${word(0)}`,
  )
  await using balancer = await balance([], { ...clear(backend), timeouts: { idle: 0.1 } })
  const body = 'x'.repeat(40_000)
  await using client = await rawClient(balancer.port)
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 80000\r\n\r\n`)
  await eventually(() => framesOf(backend).some(({ type }) => type === frameType.headers))
  client.send(body)
  await eventually(() => dataOf(backend, 1).length > 0)
  client.send(body)
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /)
  timer.stop()
})

test('an upload that its backend stops to take is 504', async () => {
  await using backend = await rawH2Backend(() => undefined, `\0\x04${word(10)}`)
  await using balancer = await balance([], { ...clear(backend), timeouts: { idle: 0.1 } })
  await using client = await rawClient(balancer.port)
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 80000\r\n\r\n`)
  await eventually(() => framesOf(backend).some(({ type }) => type === frameType.headers))
  client.send('x'.repeat(40_000))
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 504 /)
})

test('a backend that takes no more streams gets them in another session', async () => {
  await using backend = await rawH2Backend((socket, stream, connection) => {
    okay(socket, stream)
    // SETTINGS_MAX_CONCURRENT_STREAMS of 0, once its first stream is served.
    if (connection === 0) socket.write(frame(frameType.settings, 0, 0, `\0\x03${word(0)}`))
  })
  await using balancer = await balance([], clear(backend))
  for (let i = 0; i < 3; i++) {
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
    await eventually(
      () => framesOf(backend).filter(({ type }) => type === frameType.settings).length > 2,
    )
  }
  expect(backend.sockets).toHaveLength(2)
  expect(balancer.counts()).toMatchObject({ answered: 3, inFlight: [0] })
})

test('streams that a GOAWAY with an error covers are still served, and new requests get a new session', async () => {
  const held: number[] = []
  await using backend = await rawH2Backend((socket, stream, connection) => {
    if (connection > 0) {
      okay(socket, stream)
      // The first session is still open: what it holds is served now.
      const [first] = backend.sockets
      for (const one of held.splice(0)) if (first !== undefined) okay(first, one)
    } else if (held.push(stream) === 3) {
      socket.write(frame(frameType.goAway, 0, 0, word(5) + word(11)))
    }
  })
  await using balancer = await balance([], clear(backend))
  const early = [1, 2, 3].map(() => exchange(balancer.port, post))
  await eventually(() => held.length === 3)
  await eventually(
    async () => /^HTTP\/1\.1 200 /.test(await exchange(balancer.port, get)) && held.length === 0,
  )
  for (const response of await Promise.all(early)) expect(response).toMatch(/^HTTP\/1\.1 200 /)
  expect(balancer.counts().failed).toEqual({ 502: 0, 503: 0, 504: 0 })
  await eventually(() => backend.open() === 1)
})

test('responses that a hundred clients do not read hold up no other one of their session', async () => {
  const large = Buffer.alloc(2 ** 20)
  await using backend = await h2Backend(
    ({ stream, headers }) => {
      if (headers[':path'] === '/small') return
      stream.respond({ ':status': 200 })
      stream.end(large)
    },
    { maxSessionMemory: 1000 },
  )
  await using balancer = await balance([], { backends: [{ url: backend.url, weight: 1 }] })
  const small = exchange(balancer.port, get.replace('/ ', '/small '))
  await eventually(() => backend.asked.length === 1)
  await using client = await h2Frames(balancer.port)
  client.send(windowSetting(0))
  const fields = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'a'],
  ] as const
  const streams = Array.from({ length: 100 }, (_, index) => 2 * index + 1)
  client.send(Buffer.concat(streams.map((stream) => requestHeaders(stream, fields))))
  await eventually(() => backend.asked.length === 101)
  // Until they have all that they may send.
  let before = -1
  await eventually(async () => {
    const { remoteWindowSize = 0 } = backend.sessions[0]?.state ?? {}
    const same = remoteWindowSize === before
    before = remoteWindowSize
    await new Promise((resolve) => setTimeout(resolve, 50))
    return same
  })
  backend.asked[0]?.stream.respond({ ':status': 200 })
  backend.asked[0]?.stream.end('ok')
  expect(await small).toMatch(/ok\r\n0\r\n\r\n$/)
  expect(backend.sessions).toHaveLength(1)
})

test('responses that wait for slow clients fill a session, and other requests get another one', async () => {
  const small = '/small'
  // Or the backend refuses what it would have to keep.
  const more = { maxSessionMemory: 1000 }
  await using backend = await h2Backend(({ stream, headers }) => {
    stream.respond({ ':status': 200 })
    stream.end(headers[':path'] === small ? 'ok' : Buffer.alloc(2 ** 20))
  }, more)
  await using balancer = await balance([], { backends: [{ url: backend.url, weight: 1 }] })
  await using first = await h2Frames(balancer.port)
  await using second = await h2Frames(balancer.port)
  // More than fill one session, though a part of each response may have been passed on and not be counted.
  for (const client of [first, second]) client.send(windowSetting(0))
  const fields = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'a'],
  ] as const
  for (let stream = 1; stream < 180; stream += 2)
    for (const client of [first, second]) client.send(requestHeaders(stream, fields))
  await eventually(async () => {
    expect(await exchange(balancer.port, get.replace('/ ', `${small} `))).toMatch(
      /ok\r\n0\r\n\r\n$/,
    )
    return backend.sessions.length > 1
  })
  expect(backend.sessions.length).toBeLessThan(4)
})

test('the responses of 20 streams that their client does not read are kept up to a default window each', async () => {
  const [large, streams] = [2 ** 20, 20]
  // Or the backend refuses what it would have to keep.
  const more = { maxSessionMemory: 1000 }
  await using backend = await h2Backend(({ stream, headers }) => {
    stream.respond({ ':status': 200 })
    stream.end(headers[':path'] === '/small' ? 'ok' : Buffer.alloc(large))
  }, more)
  await using balancer = await balance([], { backends: [{ url: backend.url, weight: 1 }] })
  await using client = await h2Frames(balancer.port)
  client.send(windowSetting(0))
  for (let at = 0; at < streams; at++) {
    const path = [':path', '/'] as const
    const fields = [[':method', 'GET'], [':scheme', 'http'], path, [':authority', 'a']] as const
    client.send(requestHeaders(2 * at + 1, fields))
  }
  await eventually(() => backend.asked.length === streams)
  expect(await exchange(balancer.port, get.replace('/ ', '/small '))).toMatch(/ok\r\n0\r\n\r\n$/)
  // One window as it was at first, and another for what was passed on before the client was slow.
  const sent = backend.sessions.reduce((sum, { socket }) => sum + (socket?.bytesWritten ?? 0), 0)
  expect(sent).toBeLessThan(streams * 3 * 65_536)
  expect(backend.sessions[0]?.remoteSettings.initialWindowSize).toBe(65_535)
})
