import { expect, test } from 'vitest'
import { fnv1a } from '../../../src/algorithms/hash/fnv1a.ts'

/** From Noll's table of test values, which RFC 9923 repeats. */
test.for([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['b', 0xe70c2de5],
  ['foobar', 0xbf9cf968],
] as const)('the hash of "%s" is the published one', ([text, hash]) => {
  const bytes = Buffer.from(text)
  expect(fnv1a(bytes, bytes.length)).toBe(hash)
})

test('reads only `length` bytes', () => {
  expect(fnv1a(Buffer.from('ab'), 1)).toBe(0xe40c292c)
})
