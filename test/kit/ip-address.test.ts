import { expect, test } from 'vitest'
import { clientNetwork, plainAddress } from '../../src/kit/ip-address.ts'

test.for([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:0:192.0.2.1', '::ffff:0:192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::1', '::1'],
  ['unknown', 'unknown'],
  ['a:b', 'a:b'],
  ['', ''],
] as const)('the address %s is %s', ([text, plain]) => {
  expect(plainAddress(text)).toBe(plain)
})

test.for([
  ['192.0.2.1', 64, '192.0.2.1'],
  ['::ffff:192.0.2.1', 64, '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2:0:0:0:0/64'],
  ['2001:DB8:1:2::', 64, '2001:db8:1:2:0:0:0:0/64'],
  ['2001:db8:1:2::192.0.2.1', 64, '2001:db8:1:2:0:0:0:0/64'],
  ['2001:db8:1:ffff::1', 56, '2001:db8:1:ff00:0:0:0:0/56'],
  ['2001:db8::1', 128, '2001:db8:0:0:0:0:0:1/128'],
  ['ffff::', 1, '8000:0:0:0:0:0:0:0/1'],
  ['fe80::1%eth0', 64, 'fe80:0:0:0:0:0:0:0/64'],
  ['unknown', 64, 'unknown'],
] as const)('the network of %s with %i bits is %s', ([text, prefix, network]) => {
  expect(clientNetwork(text, prefix)).toBe(network)
})
