import { expect, test } from 'vitest'
import { readProxyHeader } from '../../../src/balancer/io/read-proxy-header.ts'
import { proxyHeader } from '../../../src/balancer/io/write-proxy-header.ts'

const ends = { port: 56_324, localPort: 80 }

test.for([
  ['203.0.113.9', '192.0.2.1', '203.0.113.9', 'PROXY TCP4 203.0.113.9 192.0.2.1 56324 80\r\n'],
  ['2001:db8::1', '2001:db8::2', '2001:db8::1', 'PROXY TCP6 2001:db8::1 2001:db8::2 56324 80\r\n'],
  [
    '2001:db8::1',
    '192.0.2.1',
    '2001:db8::1',
    'PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 56324 80\r\n',
  ],
  ['unix', '127.0.0.1', undefined, 'PROXY UNKNOWN\r\n'],
] as const)('headers for %s at %s', ([address, localAddress, read, line]) => {
  const client = { ...ends, address, localAddress }
  expect(proxyHeader('v1', client).toString()).toBe(line)
  for (const version of ['v1', 'v2'] as const) {
    const header = proxyHeader(version, client)
    expect(readProxyHeader(header)).toEqual({ length: header.length, address: read })
  }
})

test('version 2 has the ports', () => {
  const header = proxyHeader('v2', { ...ends, address: '203.0.113.9', localAddress: '192.0.2.1' })
  expect(header.subarray(12).toString('hex')).toBe('2111000ccb007109c0000201dc040050')
})

test('without a client both versions say that the sender speaks for itself', () => {
  expect(proxyHeader('v1').toString()).toBe('PROXY UNKNOWN\r\n')
  expect(proxyHeader('v2').subarray(12).toString('hex')).toBe('20000000')
})
