import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { byteBuffer } from '../../../../src/http/byte-buffer.ts'
import { newFieldList } from '../../../../src/http2/field-list.ts'
import { decodeBlock, limitTable, newHpackDecoder } from '../../../../src/http2/hpack/decoder.ts'
import { allowTable, encodeBlock, newHpackEncoder } from '../../../../src/http2/hpack/encoder.ts'
import { listOfPairs, pairsIn } from '../support/field-pairs.ts'

/** A story of the public corpus: see test/cases/hpack/README.md. */
interface Story {
  readonly cases: readonly {
    readonly header_table_size?: number
    readonly wire: string
    readonly headers: readonly Record<string, string>[]
  }[]
}

const own = join(import.meta.dirname, '../../../cases/hpack')
const corpus = join(import.meta.dirname, '../../../../../shared/cases/hpack')

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
}

function readStory(file: string): Story {
  return JSON.parse(readFileSync(file, 'utf8')) as Story
}

function pairsOf(headers: readonly Record<string, string>[]): [string, string][] {
  return headers.flatMap((field) => Object.entries(field))
}

function decodesStory({ cases }: Story): void {
  const decoder = newHpackDecoder()
  const list = newFieldList()
  for (const { wire, headers, header_table_size: size } of cases) {
    if (size !== undefined) limitTable(decoder, size)
    const bytes = Buffer.from(wire, 'hex')
    expect(decodeBlock(decoder, { bytes, at: 0, end: bytes.length }, list)).toBe(true)
    expect(pairsIn(list)).toEqual(pairsOf(headers))
  }
}

/** Encodes the fields of a story with our encoder, and decodes them again. */
function survivesRoundTrip({ cases }: Story): void {
  const encoder = newHpackEncoder()
  const decoder = newHpackDecoder()
  const list = newFieldList()
  for (const { headers, header_table_size: size } of cases) {
    if (size !== undefined) {
      allowTable(encoder, size)
      limitTable(decoder, size)
    }
    const into = byteBuffer(16)
    encodeBlock(encoder, listOfPairs(pairsOf(headers)), into)
    expect(decodeBlock(decoder, { bytes: into.bytes, at: 0, end: into.length }, list)).toBe(true)
    expect(pairsIn(list)).toEqual(pairsOf(headers))
  }
}

test.for(filesIn(own).map((file) => [file.slice(own.length + 1), file] as const))(
  'the story %s of another encoder is decoded, and survives ours',
  ([, file]) => {
    decodesStory(readStory(file))
    survivesRoundTrip(readStory(file))
  },
)

test.skipIf(!existsSync(corpus))(
  'all stories of the corpus are decoded, and survive our encoder (skipped without shared/cases/hpack beside the repository)',
  () => {
    const files = filesIn(corpus)
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      decodesStory(readStory(file))
      survivesRoundTrip(readStory(file))
    }
  },
)
