import { expect, test } from 'vitest'
import { proxyStatusValue } from '../../../src/balancer/http/proxy-status.ts'

const status = { name: 'lb', error: 'dns_timeout', details: 'lookup-timeout' }

test('a member is the name of the balancer, with error type and details', () => {
  expect(proxyStatusValue(status)).toBe('lb; error=dns_timeout; details="lookup-timeout"')
})

test('a name that is no token, and details with other characters, are strings', () => {
  expect(proxyStatusValue({ ...status, name: '1st', details: 'a "b" \\ c\r\nü' })).toBe(
    '"1st"; error=dns_timeout; details="a \\"b\\" \\\\ c???"',
  )
})
