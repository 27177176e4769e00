import { type ByteBuffer, putPart } from '../../http/byte-buffer.ts'
import { field } from '../../http/field.ts'
import type { Head } from './head.ts'

/**
 * Writes the fields of the kinds that `passes` marks with 1, in their order and unchanged. Adjacent ones are
 * copied in one piece, so that a typical head takes one or two copies.
 */
export function writeFields(into: ByteBuffer, head: Head, passes: Uint8Array): void {
  let from = -1
  for (let index = 0; index < head.count; index++) {
    const line = head.line[index] as number
    if (passes[head.kind[index] as number] === 1) {
      if (from < 0) from = line
    } else if (from >= 0) {
      putPart(into, head.bytes, from, line)
      from = -1
    }
  }
  if (from >= 0) putPart(into, head.bytes, from, head.line[head.count] as number)
}

/** A table for `writeFields` of the kinds that are written. */
export function passing(...kinds: readonly number[]): Uint8Array {
  const table = new Uint8Array(Math.max(...Object.values(field)) + 1)
  for (const kind of kinds) table[kind] = 1
  return table
}
