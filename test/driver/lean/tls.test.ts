import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { certificateOf, privateKeyFile } from '../../balancer/support/certificates.ts'
import { secureServer } from '../../support/http/secure-server.ts'
import { outcomes } from './outcomes.ts'

const ca = certificateOf('ca')

test('an untrusted certificate fails each request by its code, unless any is accepted', async () => {
  await using server = await secureServer()
  const url = new URL(`https://127.0.0.1:${server.port}`)
  const { seen } = await outcomes(1, url)
  expect(seen).toEqual([expect.stringMatching(/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_)/)])
  const { facts } = await outcomes(2, url, { insecure: true })
  expect(facts.addresses).toEqual({ [url.host]: { opened: 1, responses: 2, failed: 0 } })
  expect(facts.tls).toMatchObject({ checked: false, resumed: 0 })
})

test('with its authority a certificate is trusted, for its own name only', async () => {
  await using server = await secureServer()
  const { seen, facts } = await outcomes(2, new URL(`https://127.0.0.1:${server.port}`), { ca })
  expect(seen).toEqual([200, 200])
  expect(facts.tls).toEqual({
    checked: true,
    resumed: 0,
    negotiated: { [Object.keys(facts.tls?.negotiated ?? {}).join()]: 1 },
  })
  expect(Object.keys(facts.tls?.negotiated ?? {})).toEqual([
    expect.stringMatching(/^TLSv1\.3 TLS_[A-Z0-9_]+$/),
  ])
  const resolve = [`other.test:${server.port}:127.0.0.1`]
  const other = await outcomes(1, new URL(`https://other.test:${server.port}`), { ca, resolve })
  expect(other.seen).toEqual(['ERR_TLS_CERT_ALTNAME_INVALID'])
})

test('the name of the URL is that of SNI and Host, whatever address it resolves to', async () => {
  await using server = await secureServer({ cert: readFileSync(certificateOf('shop')) })
  const resolve = [`shop.test:${server.port}:127.0.0.1`]
  const options = { ca: certificateOf('shop'), resolve }
  const { seen, facts } = await outcomes(1, new URL(`https://shop.test:${server.port}`), options)
  expect(seen).toEqual([200])
  expect(server.names).toEqual(['shop.test'])
  expect(server.requests[0]).toContain(`\r\nHost: shop.test:${server.port}\r\n`)
  expect(Object.keys(facts.addresses)).toEqual([`127.0.0.1:${server.port}`])
})

test('an address is not sent as SNI', async () => {
  await using server = await secureServer()
  await outcomes(1, new URL(`https://127.0.0.1:${server.port}`), { ca })
  expect(server.names).toEqual([''])
})

test('a server that requires a client certificate gets it', async () => {
  await using server = await secureServer({
    requestCert: true,
    rejectUnauthorized: true,
    ca: readFileSync(certificateOf('client-ca')),
  })
  const url = new URL(`https://127.0.0.1:${server.port}`)
  const client = { cert: certificateOf('client'), key: privateKeyFile }
  expect((await outcomes(1, url, { ca, ...client })).seen).toEqual([200])
  // In TLS 1.3 the client learns of it with the first bytes that it reads.
  expect((await outcomes(1, url, { ca })).seen).toEqual([
    expect.stringMatching(/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|ECONNRESET|EPIPE/),
  ])
})

test.each([
  ['resume', 3],
  ['new', 0],
] as const)(
  'with TLS sessions "%s", %i of 4 connections resume one',
  async (tlsSessions, resumed) => {
    await using server = await secureServer({ closes: true, maxVersion: 'TLSv1.2' })
    const url = new URL(`https://127.0.0.1:${server.port}`)
    const { seen, facts } = await outcomes(4, url, { ca, tlsSessions })
    expect(seen).toEqual([200, 200, 200, 200])
    expect(facts.addresses[url.host]?.opened).toBe(4)
    expect(facts.tls?.resumed).toBe(resumed)
  },
)
