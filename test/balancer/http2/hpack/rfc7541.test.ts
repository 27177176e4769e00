import { expect, test } from 'vitest'
import { byteBuffer } from '../../../../src/http/byte-buffer.ts'
import { newFieldList } from '../../../../src/http2/field-list.ts'
import {
  decodeBlock,
  type HpackDecoder,
  newHpackDecoder,
} from '../../../../src/http2/hpack/decoder.ts'
import {
  type DynamicTable,
  resizeTable,
  slotAt,
} from '../../../../src/http2/hpack/dynamic-table.ts'
import { encodeBlock, newHpackEncoder } from '../../../../src/http2/hpack/encoder.ts'
import { readInteger, writeInteger } from '../../../../src/http2/hpack/integer.ts'
import { type FieldPairs, listOfPairs, pairsIn } from '../support/field-pairs.ts'

/** The examples of RFC 7541, appendix C. */
interface Example {
  readonly wire: string
  readonly fields: FieldPairs
  /** The dynamic table behind it, the newest entry first, and its size. */
  readonly table: FieldPairs
  readonly size: number
}

const customKey = ['custom-key', 'custom-header'] as const
const authority = [':authority', 'www.example.com'] as const
const noCache = ['cache-control', 'no-cache'] as const
const customValue = ['custom-key', 'custom-value'] as const
const getRequest = [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], authority] as const
const thirdRequest = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/index.html'],
  authority,
  customValue,
] as const

const found = [':status', '302'] as const
const redirect = [':status', '307'] as const
const isPrivate = ['cache-control', 'private'] as const
const date = ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'] as const
const later = ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'] as const
const location = ['location', 'https://www.example.com'] as const
const gzip = ['content-encoding', 'gzip'] as const
const cookie = ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'] as const

const requests = [
  { fields: getRequest, table: [authority], size: 57 },
  { fields: [...getRequest, noCache], table: [noCache, authority], size: 110 },
  { fields: thirdRequest, table: [customValue, noCache, authority], size: 164 },
]
const responses = [
  {
    fields: [found, isPrivate, date, location],
    table: [location, date, isPrivate, found],
    size: 222,
  },
  {
    fields: [redirect, isPrivate, date, location],
    table: [redirect, location, date, isPrivate],
    size: 222,
  },
  {
    fields: [[':status', '200'], isPrivate, later, location, gzip, cookie] as const,
    table: [cookie, gzip, later],
    size: 215,
  },
]

function examples(wires: readonly string[], of: typeof requests | typeof responses): Example[] {
  return of.map((example, index) => ({ ...example, wire: wires[index] as string }))
}

const sequences: Record<string, { readonly tableSize: number; readonly blocks: Example[] }> = {
  'C.2.1': {
    tableSize: 4096,
    blocks: [
      {
        wire: '400a637573746f6d2d6b65790d637573746f6d2d686561646572',
        fields: [customKey],
        table: [customKey],
        size: 55,
      },
    ],
  },
  'C.2.2': {
    tableSize: 4096,
    blocks: [
      {
        wire: '040c2f73616d706c652f70617468',
        fields: [[':path', '/sample/path']],
        table: [],
        size: 0,
      },
    ],
  },
  'C.2.3': {
    tableSize: 4096,
    blocks: [
      {
        wire: '100870617373776f726406736563726574',
        fields: [['password', 'secret']],
        table: [],
        size: 0,
      },
    ],
  },
  'C.2.4': {
    tableSize: 4096,
    blocks: [{ wire: '82', fields: [[':method', 'GET']], table: [], size: 0 }],
  },
  'C.3': {
    tableSize: 4096,
    blocks: examples(
      [
        '828684410f7777772e6578616d706c652e636f6d',
        '828684be58086e6f2d6361636865',
        '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
      ],
      requests,
    ),
  },
  'C.4': {
    tableSize: 4096,
    blocks: examples(
      [
        '828684418cf1e3c2e5f23a6ba0ab90f4ff',
        '828684be5886a8eb10649cbf',
        '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
      ],
      requests,
    ),
  },
  'C.5': {
    tableSize: 256,
    blocks: examples(
      [
        '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
        '4803333037c1c0bf',
        '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
      ],
      responses,
    ),
  },
  'C.6': {
    tableSize: 256,
    blocks: examples(
      [
        '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
        '4883640effc1c0bf',
        '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
      ],
      responses,
    ),
  },
}

function decode(decoder: HpackDecoder, wire: string): FieldPairs {
  const bytes = Buffer.from(wire, 'hex')
  const list = newFieldList()
  expect(decodeBlock(decoder, { bytes, at: 0, end: bytes.length }, list)).toBe(true)
  return pairsIn(list)
}

function entriesIn(table: DynamicTable): [string, string][] {
  return Array.from({ length: table.count }, (_, index) => {
    const slot = slotAt(table, index)
    const text = (from: Int32Array, to: Int32Array) =>
      table.bytes.toString('latin1', from[slot], to[slot])
    return [text(table.start, table.valueStart), text(table.valueStart, table.end)]
  })
}

test.for(Object.entries(sequences))(
  'RFC 7541, appendix %s: blocks decode to their fields, and leave the table that it shows',
  ([, { tableSize, blocks }]) => {
    const decoder = newHpackDecoder()
    resizeTable(decoder.table, tableSize)
    for (const { wire, fields, table, size } of blocks) {
      expect(decode(decoder, wire)).toEqual(fields)
      expect(entriesIn(decoder.table)).toEqual(table)
      expect(decoder.table.size).toBe(size)
    }
  },
)

test.for([
  ['C.1.1', 10, 5, '0a'],
  ['C.1.2', 1337, 5, '1f9a0a'],
  ['C.1.3', 42, 8, '2a'],
] as const)('RFC 7541, appendix %s: %i in %i bits', ([, value, prefix, wire]) => {
  const into = byteBuffer(8)
  writeInteger(into, value, { prefix, pattern: 0 })
  expect(into.bytes.subarray(0, into.length).toString('hex')).toBe(wire)
  const block = { bytes: into.bytes, at: 0, end: into.length }
  expect(readInteger(block, prefix)).toBe(value)
  expect(block.at).toBe(into.length)
})

test('RFC 7541, appendix C.4: the encoder writes the same requests in the same bytes', () => {
  const encoder = newHpackEncoder()
  for (const { wire, fields } of sequences['C.4']?.blocks ?? []) {
    const into = byteBuffer(16)
    encodeBlock(encoder, listOfPairs(fields), into)
    expect(into.bytes.subarray(0, into.length).toString('hex')).toBe(wire)
  }
})
