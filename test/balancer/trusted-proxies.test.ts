import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/balancer/config/config.ts'
import { forwardedClient } from '../../src/balancer/http/forwarded-client.ts'
import { emptyHead, readFields } from '../../src/balancer/http/head.ts'
import { networks } from '../../src/kit/networks.ts'
import { balance, configFor, type Overrides } from './support/balance.ts'
import { exchange } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n'
const fromProxy =
  'X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\nX-Forwarded-Port: 443\r\nForwarded: for=203.0.113.9;proto=https\r\n'

/** The fields about its origin that a backend receives with a request with `lines` from 127.0.0.1. */
async function origin(lines: string, overrides: Overrides) {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], overrides)
  await exchange(balancer.port, `${get}${lines}\r\n`)
  const fields = backend.requests[0]?.headers ?? {}
  return Object.fromEntries(Object.entries(fields).filter(([name]) => /forwarded/i.test(name)))
}

test('fields of a trusted proxy are kept, and lists are appended to', async () => {
  expect(await origin(fromProxy, { trustedProxies: ['127.0.0.0/8'] })).toEqual({
    'x-forwarded-for': '203.0.113.9, 127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.test',
    'x-forwarded-port': '443',
    forwarded: 'for=203.0.113.9;proto=https, for=127.0.0.1;proto=http',
  })
})

test('each of the fields is kept by itself', async () => {
  const trusted = { trustedProxies: ['127.0.0.1'] }
  const own = {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'lb.test',
  }
  expect(await origin('', trusted)).toEqual(own)
  for (const [name, value] of [
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-host', 'shop.test:8443'],
    ['x-forwarded-port', '8443'],
  ] as const) {
    expect(await origin(`${name}: ${value}\r\n`, trusted)).toEqual({ ...own, [name]: value })
  }
})

test('fields of others are replaced', async () => {
  const own = {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'lb.test',
    forwarded: 'for=127.0.0.1;proto=http',
  }
  expect(await origin(fromProxy, { trustedProxies: ['192.0.2.1', 'unix'] })).toEqual(own)
  // Without any trusted proxy, only the lists are kept.
  expect(await origin(fromProxy, {})).toEqual({
    ...own,
    'x-forwarded-for': '203.0.113.9, 127.0.0.1',
    forwarded: 'for=203.0.113.9;proto=https, for=127.0.0.1;proto=http',
  })
})

test.for(['ssl', 'scheme', 'protocol', 'prefix', 'server'])(
  'X-Forwarded-%s is passed on from a trusted proxy, and from nobody else',
  async (name) => {
    const sent = `X-Forwarded-${name}: on\r\n`
    const field = `x-forwarded-${name}`
    expect(await origin(sent, { trustedProxies: ['127.0.0.1'] })).toHaveProperty([field], 'on')
    expect(await origin(sent, { trustedProxies: ['192.0.2.1'] })).not.toHaveProperty([field])
    expect(await origin(sent, {})).not.toHaveProperty([field])
  },
)

test.for([
  'X_Forwarded_For',
  'X_Forwarded_Proto',
  'X-Forwarded_Host',
  'X_FORWARDED_PORT',
  'X_Forwarded_Ssl',
])('%s is dropped, from trusted proxies, too', async (name) => {
  const fields = await origin(`${name}: 6.6.6.6\r\n`, { trustedProxies: ['127.0.0.1'] })
  expect(JSON.stringify(fields)).not.toContain('6.6.6.6')
})

test('rate limits and the access log use the client that a trusted proxy names', async () => {
  await using backend = await recordingBackend()
  const folder = await mkdtemp(join(tmpdir(), 'lb-'))
  const accessLog = join(folder, 'access.log')
  const settings = {
    trustedProxies: ['127.0.0.1'],
    rateLimit: { rate: 0.001, burst: 1 },
    accessLog,
  }
  const statuses: string[] = []
  {
    await using balancer = await balance([backend.port], { ...settings, workers: 1 })
    const from = async (list: string) => {
      const text = await exchange(balancer.port, `${get}X-Forwarded-For: ${list}\r\n\r\n`)
      statuses.push(text.slice(9, 12))
    }
    await from('6.6.6.6, 203.0.113.9')
    await from('7.7.7.7, 203.0.113.9')
    await from('203.0.113.10')
  }
  expect(statuses).toEqual(['200', '429', '200'])
  const lines = (await readFile(accessLog, 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).client)).toEqual([
    '203.0.113.9',
    '203.0.113.9',
    '203.0.113.10',
  ])
  await rm(folder, { recursive: true })
})

test('hash algorithms use it, too', async () => {
  await using one = await recordingBackend()
  await using two = await recordingBackend()
  const settings = { trustedProxies: ['127.0.0.1'], algorithm: 'ip-hash' }
  await using balancer = await balance([one.port, two.port], settings)
  for (let n = 0; n < 32; n++) {
    await exchange(balancer.port, `${get}X-Forwarded-For: 203.${n}.113.1\r\n\r\n`)
  }
  expect(balancer.counts().perBackend.every((requests) => requests > 0)).toBe(true)
})

test.for([
  [
    'the right-most address that is not trusted',
    'X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.2',
    '203.0.113.9',
  ],
  [
    'over several lines',
    'X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 10.0.0.2',
    '203.0.113.9',
  ],
  ['the left-most if all are trusted', 'X-Forwarded-For: 10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['nothing left of what is no address', 'X-Forwarded-For: 203.0.113.9, ?, 10.0.0.2', '10.0.0.2'],
  ['nothing in an empty field', 'X-Forwarded-For: ', '10.0.0.1'],
  ['an address with a port', 'X-Forwarded-For: 203.0.113.9:5678', '203.0.113.9'],
  ['an IPv6 address', 'X-Forwarded-For: 2001:db8::1', '2001:db8::1'],
  ['an IPv6 address with a port', 'X-Forwarded-For: [2001:db8::1]:443', '2001:db8::1'],
  ['an IPv4-mapped address', 'X-Forwarded-For: 203.0.113.9, ::ffff:10.0.0.2', '203.0.113.9'],
  ['Forwarded', 'Forwarded: for=203.0.113.9;proto=https, For="10.0.0.2:80"', '203.0.113.9'],
  ['Forwarded with IPv6', 'Forwarded: proto=http;for="[2001:db8::1]:4711"', '2001:db8::1'],
  ['no hidden node', 'Forwarded: for=203.0.113.9, for=_secret', '10.0.0.1'],
  [
    'X-Forwarded-For before Forwarded',
    'Forwarded: for=6.6.6.6\r\nX-Forwarded-For: 203.0.113.9',
    '203.0.113.9',
  ],
] as const)('the client is %s', ([, lines, client]) => {
  const head = emptyHead(10)
  readFields(head, Buffer.from(`${lines}\r\n\r\n`), 0)
  expect(forwardedClient(head, '10.0.0.1', networks(['10.0.0.0/8']).has)).toBe(client)
})

test('what is no network is refused', () => {
  const config = configFor([1], { trustedProxies: ['10.0.0.0/8', 'proxy.test'] })
  expect(() => checkConfig(config)).toThrow(/trustedProxies\.1/)
})
