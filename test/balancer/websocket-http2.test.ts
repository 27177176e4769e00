import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { acceptOf } from '../../src/balancer/http/websocket.ts'
import { balance, eventually } from './support/balance.ts'
import { h2Backend } from './support/h2-backend.ts'
import { rawClient } from './support/raw-client.ts'
import {
  answerFrame,
  frame,
  frameType,
  rawH2Backend,
  resetCode,
  word,
} from './support/raw-h2-backend.ts'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const upgrade = [
  'GET /chat?a HTTP/1.1',
  'Host: lb.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${key}`,
  'Sec-WebSocket-Protocol: chat',
  '\r\n',
].join('\r\n')
const connectFields = {
  ':method': 'CONNECT',
  ':protocol': 'websocket',
  ':scheme': 'http',
  ':path': '/chat?a',
  ':authority': 'lb.test',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'chat',
}

/** A backend of HTTP/1.1 that changes to WebSocket, and sends back what it gets behind `echo `. */
async function http1Backend(accept = acceptOf) {
  const requests: IncomingMessage[] = []
  const sockets: Socket[] = []
  const server = createServer((_request, response) => void response.end('plain'))
  server.on('upgrade', (request, socket: Socket) => {
    requests.push(request)
    sockets.push(socket)
    socket.on('error', () => undefined)
    if (request.url === '/no') {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
      return
    }
    const value = accept(request.headers['sec-websocket-key'] ?? '')
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
    )
    socket.write(`Sec-WebSocket-Accept: ${value}\r\nSec-WebSocket-Protocol: chat\r\n\r\nearly `)
    socket.on('data', (data) => socket.write(`echo ${data}`))
    socket.on('end', () => socket.end('bye'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    sockets,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** A backend of HTTP/2 that takes extended CONNECT, and sends back what it gets behind `echo `. */
const http2Backend = (enableConnectProtocol = true) =>
  h2Backend(
    ({ stream, headers }) => {
      if (headers[':method'] !== 'CONNECT') {
        stream.respond({ ':status': 200 })
        stream.end('plain')
      } else if (headers[':path'] === '/no') {
        stream.respond({ ':status': 403 })
        stream.end('no')
      } else {
        stream.respond({ ':status': 200, 'sec-websocket-protocol': 'chat' })
        stream.write('early ')
        stream.on('data', (data) => stream.write(`echo ${data}`))
        stream.on('end', () => stream.end('bye'))
      }
    },
    { settings: { enableConnectProtocol } },
  )

/** A client of HTTP/2 whose peer has announced extended CONNECT. */
async function http2Client(port: number) {
  const session: ClientHttp2Session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => undefined)
  const [settings] = await once(session, 'remoteSettings')
  expect(settings.enableConnectProtocol).toBe(true)
  return {
    session,
    open(path = '/chat?a') {
      return read(session.request({ ...connectFields, ':path': path }, { endStream: false }))
    },
    async [Symbol.asyncDispose]() {
      session.destroy()
    },
  }
}

function read(stream: ClientHttp2Stream) {
  const seen = { stream, status: 0, fields: {} as Record<string, unknown>, text: '', ended: false }
  stream.on('error', () => undefined)
  stream.on('response', (fields) => {
    seen.status = fields[':status'] ?? 0
    seen.fields = fields
  })
  stream.on('data', (data) => {
    seen.text += data
  })
  stream.on('end', () => {
    seen.ended = true
  })
  return seen
}

const clear = ({ port }: { readonly port: number }) => ({
  backends: [{ url: `h2c://127.0.0.1:${port}`, weight: 1 }],
})

test.for([undefined, 2])(
  'an extended CONNECT of a client becomes an upgrade of HTTP/1.1, with workers: %s',
  async (workers) => {
    await using backend = await http1Backend()
    await using balancer = await balance([backend.port], workers === undefined ? {} : { workers })
    await using client = await http2Client(balancer.port)
    const tunnel = client.open()
    tunnel.stream.write('one')
    await eventually(() => tunnel.text === 'early echo one')
    expect(tunnel.status).toBe(200)
    expect(tunnel.fields).toHaveProperty('sec-websocket-protocol', 'chat')
    for (const name of ['sec-websocket-accept', 'connection', 'upgrade']) {
      expect(tunnel.fields).not.toHaveProperty(name)
    }
    expect(backend.requests[0]).toMatchObject({ method: 'GET', url: '/chat?a' })
    expect(backend.requests[0]?.headers).toMatchObject({
      host: 'lb.test',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'chat',
    })
    tunnel.stream.end('two')
    await eventually(() => tunnel.ended)
    expect(tunnel.text).toBe('early echo oneecho twobye')
    expect(tunnel.stream.rstCode).toBe(0)
    await eventually(() => balancer.counts().inFlight[0] === 0)
  },
)

test('an upgrade of HTTP/1.1 becomes an extended CONNECT where the backend has announced it', async () => {
  await using backend = await http2Backend()
  await using balancer = await balance([], clear(backend))
  await using client = await rawClient(balancer.port)
  client.send(upgrade)
  client.send('one')
  const text = await client.until(/echo one$/)
  expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
  expect(text).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/)
  expect(text).toContain(`Sec-WebSocket-Accept: ${acceptOf(key)}\r\n`)
  expect(text).toMatch(/\r\nsec-websocket-protocol: chat\r\n.*\r\n\r\nearly echo one$/s)
  expect(backend.asked[0]?.headers).toMatchObject({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': 'http',
    ':path': '/chat?a',
    ':authority': 'lb.test',
    'sec-websocket-version': '13',
  })
  expect(backend.asked[0]?.headers).not.toHaveProperty('sec-websocket-key')
  client.socket.end('two')
  expect(await client.closed()).toMatch(/early echo oneecho twobye$/)
  expect(backend.sessions).toHaveLength(1)
  await eventually(() => balancer.counts().inFlight[0] === 0)
})

test('HTTP/2 on both sides carries large messages in both directions, and requests beside them', async () => {
  await using backend = await http2Backend()
  await using balancer = await balance([], clear(backend))
  await using client = await http2Client(balancer.port)
  const tunnel = client.open()
  await eventually(() => tunnel.text === 'early ')
  const part = 'x'.repeat(100_000)
  for (let i = 0; i < 20; i++) tunnel.stream.write(part)
  await eventually(() => tunnel.text.replaceAll(/echo |early /g, '').length === 2_000_000)
  const plain = read(client.session.request({ ':path': '/' }))
  await eventually(() => plain.ended)
  expect(plain.text).toBe('plain')
  expect(backend.sessions).toHaveLength(1)
  tunnel.stream.end()
  await eventually(() => tunnel.ended)
  expect(tunnel.text).toMatch(/bye$/)
})

test.for(['HTTP/1.1', 'HTTP/2'])(
  'a backend with %s that declines is passed on',
  async (version) => {
    await using backend = await (version === 'HTTP/2' ? http2Backend() : http1Backend())
    await using balancer =
      version === 'HTTP/2' ? await balance([], clear(backend)) : await balance([backend.port])
    await using client = await http2Client(balancer.port)
    const declined = client.open('/no')
    await eventually(() => declined.ended)
    expect([declined.status, declined.text]).toEqual([403, 'no'])
    await eventually(() => balancer.counts().inFlight[0] === 0)
  },
)

test('a backend with HTTP/2 that has not announced it gets an upgrade of HTTP/1.1', async () => {
  await using backend = await http2Backend(false)
  await using balancer = await balance([], clear(backend))
  await using client = await http2Client(balancer.port)
  // With prior knowledge it takes no HTTP/1.1, so that both fail.
  for (let i = 0; i < 2; i++) {
    const tunnel = client.open()
    await eventually(() => tunnel.ended)
    expect(tunnel.status).toBe(502)
  }
  expect(backend.asked).toEqual([])
  expect(balancer.counts()).toMatchObject({ failed: { 502: 2 }, inFlight: [0] })
})

/** A backend whose tunnels are frames by hand. */
const rawTunnels = () =>
  rawH2Backend(
    (socket, stream) => {
      socket.write(answerFrame(stream, []))
      socket.write(frame(frameType.data, 0, stream, 'early '))
    },
    // SETTINGS_ENABLE_CONNECT_PROTOCOL.
    `\0\x08${word(1)}`,
  )

test('a tunnel whose client is gone is cancelled at the backend', async () => {
  await using backend = await rawTunnels()
  await using balancer = await balance([], clear(backend))
  for (const stream of [1, 3]) {
    await using client = await http2Client(balancer.port)
    const tunnel = client.open()
    await eventually(() => tunnel.text === 'early ')
    if (stream === 1) tunnel.stream.close(8)
    else client.session.destroy()
    await eventually(() => resetCode(backend, stream) === 8)
  }
  expect(backend.sockets).toHaveLength(1)
  await eventually(() => balancer.counts().inFlight[0] === 0)
})

test('a tunnel that its backend resets is reset', async () => {
  await using backend = await rawTunnels()
  await using balancer = await balance([], clear(backend))
  await using client = await http2Client(balancer.port)
  const tunnel = client.open()
  await eventually(() => tunnel.text === 'early ')
  backend.sockets[0]?.write(frame(frameType.reset, 0, 1, word(2)))
  await eventually(() => tunnel.stream.closed)
  expect(tunnel.stream.rstCode).toBe(8)
  await eventually(() => balancer.counts().inFlight[0] === 0)
})

test('a backend whose Sec-WebSocket-Accept belongs to another key gets no tunnel', async () => {
  await using backend = await http1Backend(() => acceptOf('another'))
  await using balancer = await balance([backend.port])
  await using client = await http2Client(balancer.port)
  const tunnel = client.open()
  await eventually(() => tunnel.stream.closed)
  expect([tunnel.status, tunnel.text]).toEqual([0, ''])
  await eventually(() => backend.sockets[0]?.destroyed === true)
})

test.for([
  ['an unknown protocol', { ':protocol': 'connect-udp' }, 501],
  ['a length', { 'content-length': '3' }, 400],
] as const)('an extended CONNECT with %s is %i', async ([, fields, status]) => {
  await using backend = await http1Backend()
  await using balancer = await balance([backend.port])
  await using client = await http2Client(balancer.port)
  const refused = read(
    client.session.request({ ...connectFields, ...fields }, { endStream: false }),
  )
  await eventually(() => refused.ended)
  expect(refused.status).toBe(status)
  expect(backend.requests).toEqual([])
})

test('a silent tunnel ends after timeouts.tunnel on both sides', async () => {
  await using backend = await http2Backend()
  await using balancer = await balance([], { ...clear(backend), timeouts: { tunnel: 0.1 } })
  await using client = await http2Client(balancer.port)
  const tunnel = client.open()
  await eventually(() => tunnel.stream.closed)
  expect([tunnel.status, tunnel.stream.rstCode]).toEqual([200, 8])
  await eventually(() => backend.asked[0]?.stream.closed === true)
})
