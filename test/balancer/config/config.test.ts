import { expect, test } from 'vitest'
import { backendAddress } from '../../../src/balancer/config/backend-address.ts'
import { checkConfig } from '../../../src/balancer/config/config.ts'
import { UsageError } from '../../../src/kit/errors.ts'
import { configFor } from '../support/balance.ts'
import { certificateOf } from '../support/certificates.ts'

const url = 'http://127.0.0.1:1'

test.for([
  [{ algorithm: 'round-robim' }, /unknown algorithm "round-robim"/],
  [{ workers: 0 }, /workers/],
  [{ port: 70_000 }, /port/],
  [{ backends: [] }, /backends/],
  [{ backends: [{ url: 'ftp://a', weight: 1 }] }, /backends\.0\.url: "ftp:\/\/a"/],
  [{ backends: [{ url: 'http://a/path', weight: 1 }] }, /backends\.0\.url/],
  [
    { backends: [{ url: 'h2c://a/path', weight: 1 }] },
    /backends\.0\.url.*is not a backend address/,
  ],
  [{ backendTls: { ca: '/no/such/file' } }, /backendTls\.ca: "\/no\/such\/file" does not exist/],
  [
    { backendTls: { ca: import.meta.filename } },
    /backendTls\.ca: .* cannot be read as PEM certificates/,
  ],
  [{ backends: [{ url, weight: 0.5 }] }, /backends\.0\.weight/],
  [{ backends: [{ url, weight: 0 }] }, /all weights are 0/],
  [
    {
      backends: [
        { url, weight: 1 },
        { url: `${url}/`, weight: 1 },
      ],
    },
    /backends\.1\.url: 127\.0\.0\.1:1 is listed twice/,
  ],
  [{ timeouts: { connect: 0 } }, /timeouts\.connect/],
  [{ limits: { headBytes: -1 } }, /limits\.headBytes/],
  [{ colour: 'red' }, /colour/],
] as const)('rejects %j, and names the field', ([overrides, message]) => {
  const config = configFor([1], overrides as object)
  expect(() => checkConfig(config)).toThrow(UsageError)
  expect(() => checkConfig(config)).toThrow(message)
})

test.for([
  [{ port: 70_000 }, 'port is 70000', 'give at most 65535'],
  [{ workers: 0 }, 'workers is 0', 'give more than 0'],
  [{ backends: [] }, 'backends is []', 'give at least 1'],
  [{ host: 5 }, 'host is 5', 'give a value of type string'],
  [{ colour: 'red' }, 'unknown field "colour"', 'remove it, or correct its name'],
  [{ admin: { port: 1, token: 5 } }, 'admin.token is not valid', 'give a value of type string'],
] as const)(
  '%j: the message says what is wrong, the hint what to do',
  ([overrides, message, hint]) => {
    let error: unknown
    try {
      checkConfig(configFor([1], overrides as object))
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ message: `balancer configuration: ${message}`, hint })
  },
)

test('fills in the defaults', () => {
  expect(checkConfig(configFor([1]))).toMatchObject({
    limits: { headBytes: 16_384 },
    retries: { tries: 3, share: 0.2, min: 32 },
    forwarded: 'append',
  })
})

test.for([
  ['http://a', { protocol: 'http', host: 'a', port: 80, id: 'a:80' }],
  ['https://a', { protocol: 'https', host: 'a', port: 443, id: 'a:443' }],
  ['HTTPS://A:80/', { protocol: 'https', host: 'a', port: 80, id: 'a:80' }],
  ['h2c://[::1]', { protocol: 'h2c', host: '::1', port: 80, id: '[::1]:80' }],
  ['h2c://[::1]:3000', { protocol: 'h2c', host: '::1', port: 3000, id: '[::1]:3000' }],
] as const)('%s is a backend address', ([text, address]) => {
  expect(backendAddress(text)).toEqual({ ...address, hostField: address.id })
})

test('the CA certificates are read with the configuration', () => {
  const backendTls = { ca: certificateOf('ca') }
  expect(checkConfig(configFor([1], { backendTls })).backendTls).toEqual({
    ca: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    verify: true,
  })
})
