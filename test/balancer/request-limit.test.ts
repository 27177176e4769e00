import { expect, test } from 'vitest'
import { requestLimitSettings } from '../../src/balancer/config/request-limit-settings.ts'
import { emptyRequestHead } from '../../src/balancer/http/request-head.ts'
import { requestLimiter } from '../../src/balancer/proxy/request-limiter.ts'
import { balance } from './support/balance.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = (more = '') => `GET /a HTTP/1.1\r\nHost: lb.test\r\n${more}\r\n`
const close = 'Connection: close\r\n'

test('a client above its rate gets 429 with the time to come back, and may go on then', async () => {
  await using backend = await recordingBackend()
  // A token every 2 s and no more than 2 at once: the third request has to wait for up to 2 s.
  const rateLimit = { rate: 0.5, burst: 2 }
  await using balancer = await balance([backend.port], { rateLimit })
  await using client = await rawClient(balancer.port)
  for (let n = 0; n < 3; n++) client.send(get())
  const text = await client.until(/429 Too Many Requests\n$/)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 429'])
  expect(text).toMatch(
    /429 Too Many Requests\r\nRetry-After: 2\r\nRateLimit-Policy: "default";q=2;w=4\r\nRateLimit: "default";r=0;t=2\r\n/,
  )
  expect(balancer.counts()).toMatchObject({
    requests: 3,
    answered: 3,
    limited: 1,
    perBackend: [2],
    inFlight: [0],
  })
  let response = ''
  while (!response.startsWith('HTTP/1.1 200')) response = await exchange(balancer.port, get(close))
})

test('a limit by a field counts each of its values, and the address of who lacks it', async () => {
  await using backend = await recordingBackend()
  const rateLimit = { rate: 0.001, burst: 1, key: 'header:X-User' }
  await using balancer = await balance([backend.port], { rateLimit })
  const status = async (more: string) =>
    (await exchange(balancer.port, get(close + more))).slice(9, 12)
  expect(await status('X-User: a\r\n')).toBe('200')
  expect(await status('x-user: a\r\n')).toBe('429')
  expect(await status('X-User: b\r\n')).toBe('200')
  expect(await status('')).toBe('200')
  expect(await status('')).toBe('429')
})

test('the workers share the limit', async () => {
  await using backend = await recordingBackend()
  const rateLimit = { rate: 0.001, burst: 3 }
  await using balancer = await balance([backend.port], { rateLimit, workers: 2 })
  const responses = []
  for (let n = 0; n < 6; n++) responses.push(await exchange(balancer.port, get(close)))
  expect(responses.map((response) => response.slice(9, 12)).sort()).toEqual([
    '200',
    '200',
    '200',
    '429',
    '429',
    '429',
  ])
  expect(Math.min(...balancer.counts().perWorker)).toBeGreaterThan(0)
})

test('without a limit no response has its fields', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  expect(await exchange(balancer.port, get(close))).not.toMatch(/RateLimit/i)
})

/** The keys by which a limit by address counts requests from `addresses`. */
function keysOf(addresses: readonly string[], settings: { readonly ipv6Prefix?: number } = {}) {
  const keys: string[] = []
  const limit = { admits: (key: string) => keys.push(key) > 0, headerFields: () => '' }
  const { key, ipv6Prefix } = requestLimitSettings.parse({ rate: 1, ...settings })
  const limiter = requestLimiter(limit, { key, ipv6Prefix }, emptyRequestHead(10))
  for (const address of addresses) limiter.admits(address, 0)
  return new Set(keys)
}

test('a limit by address counts a network of IPv6 addresses as one client', () => {
  const network = ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::']
  expect(keysOf(network).size).toBe(1)
  expect(keysOf(['2001:db8:1:2::1', '2001:db8:1:3::1']).size).toBe(2)
  expect(keysOf(network, { ipv6Prefix: 128 }).size).toBe(3)
  expect(keysOf(['2001:db8:1:2::1', '2001:db8:1:3::1'], { ipv6Prefix: 48 }).size).toBe(1)
  expect(keysOf(['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2'])).toEqual(
    new Set(['192.0.2.1', '192.0.2.2']),
  )
})
