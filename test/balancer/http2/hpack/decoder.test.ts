import { expect, test } from 'vitest'
import { fieldKind } from '../../../../src/http2/field-kind.ts'
import { newFieldList } from '../../../../src/http2/field-list.ts'
import { decodeBlock, limitTable, newHpackDecoder } from '../../../../src/http2/hpack/decoder.ts'
import { pairsIn } from '../support/field-pairs.ts'

function decodes(decoder: ReturnType<typeof newHpackDecoder>, wire: string, list = newFieldList()) {
  const bytes = Buffer.from(wire.replaceAll(' ', ''), 'hex')
  return decodeBlock(decoder, { bytes, at: 0, end: bytes.length }, list)
}

test.for([
  ['an index of 0', '80'],
  ['an index behind the static table while the dynamic one is empty', 'be'],
  ['a name with an index that no table has', '7e 00'],
  ['an index that is cut off', 'ff'],
  ['an index of more than 32 bits', 'ff ff ff ff ff 7f'],
  ['an index padded with zeros beyond any bound', 'ff 80 80 80 80 80 80 00'],
  ['a name that is cut off', '40 0a 63 75'],
  ['a literal that ends behind its name', '40 01 61'],
  ['a value longer than the block', '00 01 61 7f ff ff ff 07 61'],
  ['Huffman code that ends in more than seven bits of padding', '00 82 1f ff 00'],
  ['Huffman code whose padding is not all ones', '00 81 18 00'],
  ['Huffman code with EOS in it', '00 84 ff ff ff ff 00'],
  ['a size update behind a field', '82 20'],
  ['a size update above the limit', '3f e2 1f'],
] as const)('refuses %s', ([, wire]) => {
  expect(decodes(newHpackDecoder(), wire)).toBe(false)
})

test('takes size updates at the start of a block, up to the limit', () => {
  expect(decodes(newHpackDecoder(), '20 3f e1 1f 82')).toBe(true)
})

test('a size update of 0 empties the table', () => {
  const decoder = newHpackDecoder()
  expect(decodes(decoder, '40 01 61 01 62')).toBe(true)
  expect(decodes(decoder, 'be')).toBe(true)
  expect(decodes(decoder, '20 be')).toBe(false)
})

test('a limit below the size in use must be followed by a size update', () => {
  const decoder = newHpackDecoder()
  limitTable(decoder, 100)
  expect(decodes(decoder, '82')).toBe(false)
  expect(decodes(decoder, '3f 45 82')).toBe(true)
  expect(decodes(decoder, '82')).toBe(true)
})

test('a field larger than the table empties it, and is no error', () => {
  const decoder = newHpackDecoder()
  expect(decodes(decoder, '3f 21 40 01 61 01 62')).toBe(true)
  expect(decoder.table.count).toBe(1)
  expect(decodes(decoder, `40 01 61 40 ${'62'.repeat(64)}`)).toBe(true)
  expect(decoder.table.count).toBe(0)
})

test('a name may come from an entry that its own insertion evicts', () => {
  const decoder = newHpackDecoder()
  const list = newFieldList()
  expect(decodes(decoder, '3f 11 40 01 61 01 62')).toBe(true)
  expect(decodes(decoder, '7e 02 63 63', list)).toBe(true)
  expect(pairsIn(list)).toEqual([['a', 'cc']])
  expect(decoder.table.count).toBe(1)
})

test('the list stops at the first field without room, and says so; the table goes on', () => {
  const decoder = newHpackDecoder()
  const list = newFieldList(100)
  expect(decodes(decoder, '40 01 61 01 62 40 01 63 01 64 40 01 65 01 66', list)).toBe(true)
  expect(pairsIn(list)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  expect(list.overflow).toBe(true)
  expect(list.size).toBe(3 * 34)
  expect(decoder.table.count).toBe(3)
  expect(decodes(decoder, 'be', list)).toBe(true)
  expect(pairsIn(list)).toEqual([['e', 'f']])
  expect(list.overflow).toBe(false)
})

test('a block that refers to one large entry again and again takes no memory for it', () => {
  const decoder = newHpackDecoder()
  const list = newFieldList(65_536)
  // A value of 4000 bytes, and 60,000 references to it: 240 MB if they were copied.
  expect(decodes(decoder, `40 01 61 7f a1 1e ${'62'.repeat(4000)}`, list)).toBe(true)
  expect(decodes(decoder, 'be'.repeat(60_000), list)).toBe(true)
  expect(list.overflow).toBe(true)
  expect(list.size).toBe(60_000 * (4001 + 32))
  expect(list.bytes.length).toBeLessThanOrEqual(2 * 65_536)
})

test.for([
  ['a capital in a name', '40 01 41 01 62'],
  ['an empty name', '40 00 01 62'],
  ['a space in a name', '40 02 61 20 01 62'],
  ['a colon in a name', '40 02 61 3a 01 62'],
  ['an unknown pseudo-field', '40 02 3a 61 01 62'],
  ['CR in a value', '40 01 61 01 0d'],
  ['LF in a value', '40 01 61 03 62 0a 62'],
  ['NUL in a value', '40 01 61 01 00'],
  ['space at the start of a value', '40 01 61 02 20 62'],
  ['a tab at the end of a value', '40 01 61 02 62 09'],
] as const)('marks %s as invalid, in a literal and when its entry is referred to', ([, wire]) => {
  const decoder = newHpackDecoder()
  const list = newFieldList()
  expect(decodes(decoder, wire, list)).toBe(true)
  expect(list.kind[0]).toBe(fieldKind.invalid)
  expect(decodes(decoder, 'be', list)).toBe(true)
  expect(list.kind[0]).toBe(fieldKind.invalid)
})

test('an entry with a bad value still gives its name', () => {
  const decoder = newHpackDecoder()
  const list = newFieldList()
  expect(decodes(decoder, '40 02 74 65 01 0d', list)).toBe(true)
  expect(decodes(decoder, '7e 08 74 72 61 69 6c 65 72 73', list)).toBe(true)
  expect(pairsIn(list)).toEqual([['te', 'trailers']])
  expect(list.kind[0]).toBe(fieldKind.te)
})

test('a field that must never be indexed is marked', () => {
  const list = newFieldList()
  expect(decodes(newHpackDecoder(), '10 01 61 01 62 00 01 61 01 62', list)).toBe(true)
  expect([...list.sensitive.subarray(0, 2)]).toEqual([1, 0])
})
