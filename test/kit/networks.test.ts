import { expect, test } from 'vitest'
import { isNetwork, networks } from '../../src/kit/networks.ts'

test.for([
  ['10.0.0.0/8', '10.1.2.3', '11.0.0.1'],
  ['10.1.2.3/8', '10.9.9.9', '9.0.0.0'],
  ['192.0.2.1', '192.0.2.1', '192.0.2.2'],
  ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:192.0.2.2'],
  ['2001:db8::/32', '2001:db8:1::1', '2001:db9::1'],
  ['::1', '::1', '127.0.0.1'],
  ['0.0.0.0/0', '8.8.8.8', '::1'],
  ['fe80::/10', 'fe80::1%eth0', 'fec0::1'],
  ['unix', 'unix', 'unknown'],
] as const)('%s has %s and not %s', ([network, inside, outside]) => {
  expect(isNetwork(network)).toBe(true)
  expect([inside, outside].map(networks([network]).has)).toEqual([true, false])
})

test.for([
  '',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0/8',
  '::1/129',
  '::1/64/64',
  'localhost',
  '1.2.3.4/-1',
])('"%s" is no network', (text) => {
  expect(isNetwork(text)).toBe(false)
})

test('a set without networks has no address', () => {
  expect(['127.0.0.1', '::1', 'unix', 'unknown'].filter(networks([]).has)).toEqual([])
})
