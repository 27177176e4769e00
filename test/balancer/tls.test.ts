import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { type AddressInfo, connect as connectPlainly, createServer, type Socket } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import { expect, test } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { balance, configFor, eventually, type Overrides } from './support/balance.ts'
import { certificateOf, privateKeyFile } from './support/certificates.ts'
import { h2Client } from './support/h2-client.ts'
import { rawBackend } from './support/raw-backend.ts'
import { rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'
import { stopReading } from './support/stop-reading.ts'

const certificateFile = certificateOf('backend')
const certificate = readFileSync(certificateOf('ca'))
const tls = { certificate: certificateFile, key: privateKeyFile }
const secure = (port: number, overrides: Overrides = {}) =>
  startBalancer(configFor([port], { tls, ...overrides }))

test('HTTP/1.1 over TLS, and the backend gets the scheme', async () => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port)
  const agent = new Agent({ ca: certificate, keepAlive: true, maxSockets: 1 })
  for (let turn = 0; turn < 3; turn++) {
    const headers = { forwarded: 'for=192.0.2.1' }
    const [response] = await once(
      get({ host: '127.0.0.1', port: balancer.port, agent, headers }),
      'response',
    )
    expect(response.statusCode).toBe(200)
    response.resume()
    await once(response, 'end')
  }
  agent.destroy()
  expect(backend.requests[0]?.headers).toMatchObject({
    'x-forwarded-proto': 'https',
    forwarded: 'for=192.0.2.1, for=127.0.0.1;proto=https',
  })
  // A client has its response a moment before the worker has counted it.
  await eventually(() => balancer.counts().answered === 3)
  expect(balancer.counts()).toMatchObject({ requests: 3, answered: 3, aborted: 0 })
})

test.for([1, 2])('HTTP/2 where both agree on it, %i workers', async (workers) => {
  await using backend = await recordingBackend(({ body }, response) => response.end(body))
  await using balancer = await secure(backend.port, { workers })
  for (let turn = 0; turn < 4; turn++) {
    await using client = await h2Client(balancer.port, { ca: certificate })
    expect(client.session.alpnProtocol).toBe('h2')
    const body = 'a'.repeat(200_000)
    expect((await client.ask({ ':method': 'POST' }, body)).body === body).toBe(true)
  }
  expect(backend.requests[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'https' })
  expect(balancer.counts().perWorker).toEqual(workers === 1 ? [4] : [2, 2])
})

test('a session goes on in whichever worker takes the next connection', async () => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port, { workers: 2 })
  const first = await ask(balancer.port, {})
  expect(first.reused).toBe(false)
  const reused = []
  for (let turn = 0; turn < 4; turn++) {
    reused.push((await ask(balancer.port, { session: first.session })).reused)
  }
  expect(reused).toEqual([true, true, true, true])
  expect(balancer.counts().perWorker.toSorted()).toEqual([2, 3])
})

test.for(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port)
  const { protocol } = await ask(balancer.port, { minVersion: version, maxVersion: version })
  expect(protocol).toBe(version)
})

test('older versions are not, nor is plain HTTP, nor an unknown protocol: others go on', async () => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port)
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  await expect(ask(balancer.port, old)).rejects.toThrow()
  await expect(ask(balancer.port, { ALPNProtocols: ['spdy/3'] })).rejects.toThrow()
  await using plain = await rawClient(balancer.port)
  plain.send('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  expect(await plain.closed()).not.toContain('HTTP')
  expect((await ask(balancer.port, {})).text).toMatch(/^HTTP\/1\.1 200 /)
})

test('HTTP/2 is not taken for granted over TLS', async () => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port)
  const { text } = await ask(balancer.port, {}, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 505 /)
})

test('a request that has come unseen when the time of an idle connection is up is served', async () => {
  await using backend = await recordingBackend()
  const timeouts = { keepAlive: 0.1, linger: 0.1 }
  await using balancer = await balance([backend.port], { tls, timeouts })
  const socket = connect({ host: '127.0.0.1', port: balancer.port, ca: certificate })
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.write('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  await once(socket, 'data')
  stopReading(balancer.clients()[0] as Socket)
  socket.write('GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n')
  await once(socket, 'close')
  expect(text).toMatch(/ok.*Connection: close\r\n\r\nok$/s)
})

test('a handshake has its time', async () => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port, { timeouts: { head: 0.1 } })
  await using silent = await rawClient(balancer.port)
  expect(await silent.closed()).toBe('')
})

test('what comes on a connection must be TLS to its end', async () => {
  await using backend = await recordingBackend()
  await using balancer = await secure(backend.port)
  // In the middle, so that something else can be slipped in.
  const up = connectPlainly(balancer.port, '127.0.0.1').on('error', () => undefined)
  const relay = createServer((down) =>
    down
      .on('error', () => undefined)
      .pipe(up)
      .pipe(down),
  )
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const { port } = relay.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, ca: certificate })
  socket.on('error', () => undefined)
  await once(socket, 'secureConnect')
  const ended = new Promise((resolve) => up.once('close', resolve))
  up.write('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  await ended
  relay.close()
  socket.destroy()
  expect(backend.requests).toEqual([])
})

test('a client that goes ends the work of its backend', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await secure(backend.port)
  const socket = connect({ host: '127.0.0.1', port: balancer.port, ca: certificate })
  await once(socket, 'secureConnect')
  socket.write('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  await backend.until(/\r\n\r\n/)
  socket.destroy()
  await eventually(() => backend.open() === 0 && balancer.counts().inFlight[0] === 0)
  expect(balancer.counts()).toMatchObject({ requests: 1, aborted: 1 })
})

test('a response without a length that breaks off is no clean end', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\npart', () => socket.resetAndDestroy())
  })
  await using balancer = await secure(backend.port)
  await expect(ask(balancer.port, {}, 'GET / HTTP/1.0\r\n\r\n')).rejects.toThrow(/ECONNRESET/)
})

test.for([
  [
    'a certificate that is not there',
    { certificate: '/nowhere', key: privateKeyFile },
    /cannot read \/nowhere/,
  ],
  [
    'a certificate that is none',
    { certificate: import.meta.filename, key: privateKeyFile },
    /tls\.certificate/,
  ],
  ['a key that is none', { certificate: certificateFile, key: import.meta.filename }, /tls\.key/],
  [
    'the key of another',
    { certificate: certificateOf('ca'), key: privateKeyFile },
    /is not the key of/,
  ],
] as const)('%s is said before a socket opens', async ([, files, message]) => {
  await expect(startBalancer(configFor([1], { tls: files }))).rejects.toThrow(message)
})

/** Sends one request, and gives what came until the balancer closed, and what the session was. */
async function ask(
  port: number,
  options: ConnectionOptions,
  request = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n',
): Promise<{ text: string; reused: boolean; session: Buffer; protocol: string | null }> {
  const socket = connect({ port, host: '127.0.0.1', ca: certificate, ...options })
  let session: Buffer = Buffer.alloc(0)
  let text = ''
  socket.on('session', (ticket: Buffer) => {
    session = ticket
  })
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  await once(socket, 'secureConnect')
  const reused = socket.isSessionReused()
  const protocol = socket.getProtocol()
  socket.write(request)
  await once(socket, 'close')
  return { text, reused, session, protocol }
}
