import { expect, test } from 'vitest'
import { readProxyHeader } from '../../../src/balancer/io/read-proxy-header.ts'
import { binaryHeader } from '../support/proxy-header.ts'

const text = (line: string) => Buffer.from(`${line}\r\n`, 'latin1')
const inet = Buffer.from([203, 0, 113, 9, 127, 0, 0, 1, 0xdc, 4, 0, 80])
const inet6 = Buffer.concat([
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from('00000000000000000000000000000001', 'hex'),
  Buffer.from([0xdc, 4, 0, 80]),
])
const tlv = Buffer.from([0x20, 0, 3, 1, 2, 3])
const longest =
  'PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535'

const headers = [
  ['TCP over IPv4', text('PROXY TCP4 203.0.113.9 127.0.0.1 56324 80'), '203.0.113.9'],
  ['TCP over IPv6', text('PROXY TCP6 2001:db8::1 ::1 0 65535'), '2001:db8::1'],
  ['an IPv4-mapped address', text('PROXY TCP6 ::ffff:203.0.113.9 ::1 1 2'), '203.0.113.9'],
  ['UNKNOWN', text('PROXY UNKNOWN'), undefined],
  ['the longest line', text(longest), undefined],
  ['version 2, IPv4', binaryHeader(0x11, inet), '203.0.113.9'],
  ['version 2, IPv6', binaryHeader(0x21, inet6), '2001:db8::1'],
  ['version 2, unix', binaryHeader(0x31, Buffer.alloc(216)), 'unknown'],
  ['version 2, LOCAL', binaryHeader(0x11, inet, 0x20), undefined],
  ['version 2, LOCAL without an address', binaryHeader(0, Buffer.alloc(0), 0x20), undefined],
  ['version 2, no family', binaryHeader(0, tlv), undefined],
  ['version 2, datagrams', binaryHeader(0x12, inet), undefined],
  ['version 2 with an extension', binaryHeader(0x11, Buffer.concat([inet, tlv])), '203.0.113.9'],
] as const

test.for(headers)('%s is read, in whatever pieces it comes', ([, bytes, address]) => {
  const more = Buffer.concat([bytes, Buffer.from('GET / HTTP/1.1\r\n')])
  expect(readProxyHeader(more)).toEqual({ length: bytes.length, address })
  for (let length = 0; length < bytes.length; length++) {
    expect(readProxyHeader(bytes.subarray(0, length))).toBe('partly')
  }
})

test.for([
  ['a request', text('GET / HTTP/1.1')],
  ['another letter case', text('proxy TCP4 203.0.113.9 127.0.0.1 56324 80')],
  ['another protocol', text('PROXY UDP4 203.0.113.9 127.0.0.1 56324 80')],
  ['the other family', text('PROXY TCP4 2001:db8::1 ::1 56324 80')],
  ['no address', text('PROXY TCP4 example.test 127.0.0.1 56324 80')],
  ['too high a port', text('PROXY TCP4 203.0.113.9 127.0.0.1 65536 80')],
  ['a negative port', text('PROXY TCP4 203.0.113.9 127.0.0.1 -1 80')],
  ['too few parts', text('PROXY TCP4 203.0.113.9 127.0.0.1 56324')],
  ['too many parts', text('PROXY TCP4 203.0.113.9 127.0.0.1 56324 80 1')],
  ['two spaces', text('PROXY TCP4  203.0.113.9 127.0.0.1 56324 80')],
  ['too long a line', text(`${longest} `)],
  ['a line without end', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}`)],
  ['version 3', binaryHeader(0x11, inet, 0x31)],
  ['an unknown command', binaryHeader(0x11, inet, 0x22)],
  ['too short an address', binaryHeader(0x21, inet)],
  ['too long a header', binaryHeader(0x11, Buffer.alloc(5000))],
  ['a signature that ends otherwise', Buffer.from('\r\n\r\n\0\r\nQUIT\r')],
] as const)('%s is malformed', ([, bytes]) => {
  expect(readProxyHeader(bytes)).toBe('malformed')
})
