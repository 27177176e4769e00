import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { expect, test } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { configFor } from './support/balance.ts'
import { certificateOf, privateKey, privateKeyFile } from './support/certificates.ts'
import { h2Client } from './support/h2-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const key = privateKeyFile
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n'
const alice = { cert: readFileSync(certificateOf('client')), key: privateKey }
/** Signed by another authority than that of clients. */
const stranger = { cert: readFileSync(certificateOf('other')), key: privateKey }

/** Sends a request; gives the response, the subject of the server's certificate, and the session. */
async function ask(port: number, options: ConnectionOptions = {}, fields = '') {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  let session: Buffer | undefined
  socket.on('session', (ticket: Buffer) => {
    session = ticket
  })
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  await once(socket, 'secureConnect')
  const { subject } = socket.getPeerCertificate()
  const reused = socket.isSessionReused()
  socket.on('error', () => undefined)
  socket.write(`${get}${fields}Connection: close\r\n\r\n`)
  await once(socket, 'close')
  return { text, name: String(subject?.CN), session, reused }
}

test('a client gets the certificate for the name that it sends, or the first', async () => {
  await using backend = await recordingBackend()
  const names = ['www.shop.test.', 'Special.shop.test']
  const tls = {
    certificate: certificateOf('backend'),
    key,
    certificates: [
      { certificate: certificateOf('shop'), key },
      { certificate: certificateOf('client'), key, names },
    ],
  }
  await using balancer = await startBalancer(configFor([backend.port], { tls }))
  const other = (await ask(balancer.port, { servername: 'special.shop.test' })).name
  const first = (await ask(balancer.port)).name
  expect(new Set([first, 'shop.test', other]).size).toBe(3)
  const shown: [string, string][] = [
    ['shop.test', 'shop.test'],
    ['SHOP.test', 'shop.test'],
    ['a.shop.test', 'shop.test'],
    // An exact name goes before a wildcard, which stands for one label.
    ['WWW.shop.test', other],
    ['a.b.shop.test', first],
    ['unknown.test', first],
  ]
  for (const [servername, name] of shown) {
    expect([servername, (await ask(balancer.port, { servername })).name]).toEqual([
      servername,
      name,
    ])
  }
})

test('certificates are read again for each name, in all workers, and sessions go on', async () => {
  await using backend = await recordingBackend()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const file = (name: string) => join(folder.path, name)
  copyFileSync(certificateOf('backend'), file('first.pem'))
  copyFileSync(certificateOf('other'), file('named.pem'))
  const named = { certificate: file('named.pem'), key, names: ['named.test'] }
  const tls = { certificate: file('first.pem'), key, certificates: [named] }
  const config = configFor([backend.port], { tls, workers: 2 })
  await using balancer = await startBalancer(config)
  const namesOf = async (servername: string) => {
    const names = new Set<string>()
    for (let turn = 0; turn < 4; turn++) names.add((await ask(balancer.port, { servername })).name)
    return [...names]
  }
  const before = await ask(balancer.port)
  copyFileSync(certificateOf('shop'), file('named.pem'))
  expect(await balancer.reload(() => config)).toEqual({ changed: false, needRestart: [] })
  expect(await namesOf('named.test')).toEqual(['shop.test'])
  expect(await namesOf('unknown.test')).toEqual([before.name])
  expect((await ask(balancer.port, { session: before.session as Buffer })).reused).toBe(true)
  writeFileSync(file('first.pem'), 'broken')
  await expect(balancer.reload(() => config)).rejects.toThrow(/tls\.certificate/)
  expect(await namesOf('unknown.test')).toEqual([before.name])
})

const clientTls = {
  certificate: certificateOf('backend'),
  key,
  clientCa: certificateOf('client-ca'),
  clientSubject: 'X-Client-Subject',
}
const forged = 'X-Client-Subject: CN=root\r\nx_client_subject: CN=root\r\n'

test('a client must have a verified certificate, whose subject backends get', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { tls: clientTls }))
  expect((await ask(balancer.port, alice, forged)).text).toMatch(/^HTTP\/1\.1 200 /)
  const subject = 'CN=alice,O=Example\\, Inc.'
  expect(backend.requests[0]?.headers).toMatchObject({ 'x-client-subject': subject })
  expect(backend.requests[0]?.headers).not.toHaveProperty('x_client_subject')
  for (const options of [{}, stranger]) {
    expect(await ask(balancer.port, options).catch(() => ({ text: '' }))).toMatchObject({
      text: '',
    })
  }
  await using client = await h2Client(balancer.port, { ...alice, rejectUnauthorized: false })
  await client.ask({ 'x-client-subject': 'CN=root' })
  expect(backend.requests).toHaveLength(2)
  expect(backend.requests[1]?.headers).toMatchObject({ 'x-client-subject': subject })
})

test('a trailer of a client cannot set the field of the subject', async () => {
  await using backend = await recordingBackend()
  await using balancer = await startBalancer(configFor([backend.port], { tls: clientTls }))
  const chunked = 'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n'
  // `ask` ends the fields, which are the trailers here.
  const { text } = await ask(balancer.port, alice, `${chunked}${forged}x-other: kept\r\n`)
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.requests[0]?.trailers).toEqual({ 'x-other': 'kept' })
})

test('an optional certificate may be missing, but not unverified; nobody else sets the field', async () => {
  await using backend = await recordingBackend()
  const tls = { ...clientTls, verify: 'optional' } as const
  await using balancer = await startBalancer(configFor([backend.port], { tls }))
  expect((await ask(balancer.port, {}, forged)).text).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.requests[0]?.headers).not.toHaveProperty('x-client-subject')
  expect(backend.requests[0]?.headers).not.toHaveProperty('x_client_subject')
  expect(await ask(balancer.port, stranger).catch(() => ({ text: '' }))).toMatchObject({ text: '' })
  expect((await ask(balancer.port, alice)).text).toMatch(/^HTTP\/1\.1 200 /)
})

test('a session does not outlive the rules for certificates of clients', async () => {
  await using backend = await recordingBackend()
  const config = (tls: object) => configFor([backend.port], { tls: { ...clientTls, ...tls } })
  await using balancer = await startBalancer(config({ verify: 'optional' }))
  const { session } = await ask(balancer.port)
  const again = { session: session as Buffer }
  expect((await ask(balancer.port, again)).reused).toBe(true)
  await balancer.reload(() => config({}))
  expect(await ask(balancer.port, again).catch(() => ({ text: '' }))).toMatchObject({ text: '' })
  expect(backend.requests).toHaveLength(2)
})

test('a lowest version of TLS is kept', async () => {
  await using backend = await recordingBackend()
  const tls = { certificate: certificateOf('backend'), key, minVersion: 'TLSv1.3' } as const
  await using balancer = await startBalancer(configFor([backend.port], { tls }))
  await expect(ask(balancer.port, { maxVersion: 'TLSv1.2' })).rejects.toThrow()
  expect((await ask(balancer.port)).text).toMatch(/^HTTP\/1\.1 200 /)
})
