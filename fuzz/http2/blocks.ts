import { byteBuffer } from '../../src/http/byte-buffer.ts'
import { addField, clearFields, type FieldList, newFieldList } from '../../src/http2/field-list.ts'
import { decodeBlock, newHpackDecoder } from '../../src/http2/hpack/decoder.ts'
import { allowTable, encodeBlock, newHpackEncoder } from '../../src/http2/hpack/encoder.ts'

/** The fields of a header section, in order. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** Writes the header blocks of one side of a connection. */
export interface BlockWriter {
  write(fields: Fields): Buffer
  /** Changes the size of the dynamic table: the next block starts with the new size. */
  resize(bytes: number): void
}

/** Writes literals that are not indexed, whatever is in them: RFC 7541, section 6.2.2. */
export function literalBlock(fields: Fields): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]))
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes])
  const length = [127]
  let rest = bytes.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push(128 + (rest % 128))
  return Buffer.concat([Buffer.from([...length, rest]), bytes])
}

/** Writes blocks that use the dynamic table and Huffman code. Names in lower case. */
export function compressingWriter(): BlockWriter {
  const encoder = newHpackEncoder()
  const list = newFieldList()
  return {
    write(fields) {
      clearFields(list)
      for (const [name, value] of fields) addField(list, name, value)
      const into = byteBuffer(256)
      encodeBlock(encoder, list, into)
      return Buffer.from(into.bytes.subarray(0, into.length))
    },
    resize: (bytes) => allowTable(encoder, bytes),
  }
}

/** Reads the header blocks of one side of a connection; undefined: a block is invalid. */
export function blockReader(): (block: Buffer) => Fields | undefined {
  const decoder = newHpackDecoder()
  const list = newFieldList()
  return (block) =>
    decodeBlock(decoder, { bytes: block, at: 0, end: block.length }, list)
      ? fieldsOf(list)
      : undefined
}

function fieldsOf({ bytes, count, nameStart, valueStart }: FieldList): Fields {
  return Array.from({ length: count }, (_, index) => [
    bytes.toString('latin1', nameStart[index], valueStart[index]),
    bytes.toString('latin1', valueStart[index], nameStart[index + 1]),
  ])
}

/** The first value of a field. */
export function firstValue(fields: Fields, name: string): string | undefined {
  return fields.find(([one]) => one === name)?.[1]
}
