import { expect, test } from 'vitest'
import { checkConfig } from '../../src/balancer/config.ts'
import { UsageError } from '../../src/kit/errors.ts'
import { configFor } from './support/balance.ts'

const url = 'http://127.0.0.1:1'

test.for([
  [{ algorithm: 'round-robim' }, /unknown algorithm "round-robim"/],
  [{ workers: 0 }, /workers/],
  [{ port: 70_000 }, /port/],
  [{ backends: [] }, /backends/],
  [{ backends: [{ url: 'ftp://a', weight: 1 }] }, /backends\.0\.url: "ftp:\/\/a"/],
  [{ backends: [{ url: 'http://a/path', weight: 1 }] }, /backends\.0\.url/],
  [{ backends: [{ url, weight: 0.5 }] }, /backends\.0\.weight/],
  [{ backends: [{ url, weight: 0 }] }, /every weight is 0/],
  [
    {
      backends: [
        { url, weight: 1 },
        { url: `${url}/`, weight: 1 },
      ],
    },
    /backends\.1\.url: 127\.0\.0\.1:1 is there twice/,
  ],
  [{ timeouts: { connect: 0 } }, /timeouts\.connect/],
  [{ limits: { headBytes: -1 } }, /limits\.headBytes/],
  [{ colour: 'red' }, /colour/],
] as const)('refuses %j, and names the field', ([overrides, message]) => {
  const config = configFor([1], overrides as object)
  expect(() => checkConfig(config)).toThrow(UsageError)
  expect(() => checkConfig(config)).toThrow(message)
})

test('fills in what is not said', () => {
  expect(checkConfig(configFor([1]))).toMatchObject({
    limits: { headBytes: 16_384 },
    retries: { tries: 3, share: 0.2, least: 10 },
    forwarded: 'append',
  })
})
