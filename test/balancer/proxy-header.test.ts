import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { balance, eventually } from './support/balance.ts'
import { certificateOf, privateKeyFile } from './support/certificates.ts'
import { binaryHeader } from './support/proxy-header.ts'
import { rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const line = 'PROXY TCP4 203.0.113.9 127.0.0.1 56324 80\r\n'
const binary = binaryHeader(0x11, Buffer.from([203, 0, 113, 9, 127, 0, 0, 1, 0xdc, 4, 0, 80]))
const proxyProtocol = true

test.for([
  ['version 1', Buffer.from(line), '203.0.113.9'],
  ['version 2', binary, '203.0.113.9'],
  ['LOCAL', binaryHeader(0, Buffer.alloc(0), 0x20), '127.0.0.1'],
] as const)('a header of %s names the client, however it is cut', async ([, header, address]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { proxyProtocol })
  const bytes = Buffer.concat([header, Buffer.from(get)])
  for (const pieces of [[bytes], [header, Buffer.from(get)], [...bytes].map((b) => Buffer.of(b))]) {
    await using client = await rawClient(balancer.port)
    for (const piece of pieces) {
      client.send(piece)
      if (pieces.length > 2) await new Promise(setImmediate)
    }
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 /)
  }
  expect(backend.requests.map(({ headers }) => headers['x-forwarded-for'])).toEqual([
    address,
    address,
    address,
  ])
})

test.for([
  ['a request', get],
  ['a second header', `${line}${line}`],
  ['garbage', 'PROXY TCP4 nobody\r\n'],
] as const)('%s in place of it is refused, and counted', async ([name, bytes]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { proxyProtocol })
  await using client = await rawClient(balancer.port)
  client.send(bytes)
  // Behind a header, a second one is a malformed request.
  expect(await client.closed()).toMatch(name === 'a second header' ? /^HTTP\/1\.1 400 / : /^$/)
  expect(balancer.counts()).toMatchObject({ requests: 0, refused: 1 })
  await eventually(() => balancer.clients().length === 0)
})

test('a header that does not come has the time of a head', async () => {
  await using backend = await recordingBackend()
  const timeouts = { head: 0.2 }
  await using balancer = await balance([backend.port], { proxyProtocol, timeouts })
  await using silent = await rawClient(balancer.port)
  await using half = await rawClient(balancer.port)
  half.send('PROXY ')
  expect(await Promise.all([silent.closed(), half.closed()])).toEqual(['', ''])
  await eventually(() => balancer.clients().length === 0)
})

test('a client that closes within its header leaves nothing behind', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { proxyProtocol })
  await using client = await rawClient(balancer.port)
  client.send('PROXY TCP4 ')
  await eventually(() => balancer.clients().length === 1)
  client.socket.end()
  await client.closed()
  await eventually(() => balancer.clients().length === 0)
})

test('without the setting a header is a malformed request', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(line + get)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /)
})

test('with trusted proxies, headers are taken from them alone', async () => {
  await using backend = await recordingBackend()
  const send = async (trustedProxies: readonly string[], bytes: string) => {
    await using balancer = await balance([backend.port], {
      proxyProtocol,
      trustedProxies: [...trustedProxies],
    })
    await using client = await rawClient(balancer.port)
    client.send(bytes)
    return await client.closed()
  }
  expect(await send(['192.0.2.1'], line + get)).toMatch(/^HTTP\/1\.1 400 /)
  expect(await send(['192.0.2.1'], get)).toMatch(/^HTTP\/1\.1 200 /)
  const forged = get.replace('Connection', 'X-Forwarded-For: 6.6.6.6\r\nConnection')
  expect(await send(['127.0.0.1'], line + forged)).toMatch(/^HTTP\/1\.1 200 /)
  // The client in the header is no trusted proxy itself.
  expect(backend.requests.at(-1)?.headers['x-forwarded-for']).toBe('203.0.113.9')
})

test('over TLS the header comes before the handshake', async () => {
  await using backend = await recordingBackend()
  const ca = readFileSync(certificateOf('ca'))
  const tls = { certificate: certificateOf('backend'), key: privateKeyFile }
  await using balancer = await balance([backend.port], { proxyProtocol, tls, workers: 1 })
  for (const header of [Buffer.from(line), binary]) {
    await using client = await rawClient(balancer.port)
    client.send(header)
    const secure = connectTls({ socket: client.socket, ca, host: '127.0.0.1' })
    secure.write(get)
    expect(await text(secure)).toMatch(/^HTTP\/1\.1 200 /)
  }
  expect(backend.requests.map(({ headers }) => headers['x-forwarded-for'])).toEqual([
    '203.0.113.9',
    '203.0.113.9',
  ])
})
