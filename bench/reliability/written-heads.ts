import { blockReader, type Fields, firstValue } from '../../fuzz/http2/blocks.ts'
import { contentOf, flag, framesIn, kind, preface } from '../../fuzz/http2/frames.ts'

/** Reads the heads of requests in the bytes that a client writes to one HTTP/2 connection. */
export interface WrittenHeads {
  /** The fields of all heads that end in these bytes. */
  read(bytes: Buffer): Fields[]
}

/** The reader for a connection that begins with these bytes; undefined where they do not begin HTTP/2. */
export function writtenHeads(first: Buffer): WrittenHeads | undefined {
  if (!first.subarray(0, preface.length).equals(preface)) return undefined
  const readBlock = blockReader()
  let rest: Buffer = Buffer.alloc(0)
  let block: Buffer = Buffer.alloc(0)
  let skipped = preface.length
  return {
    read(bytes) {
      const all = Buffer.concat([rest, bytes.subarray(skipped)])
      skipped = 0
      const { frames, end } = framesIn(all)
      rest = all.subarray(end)
      const heads: Fields[] = []
      for (const frame of frames) {
        if (frame.kind !== kind.headers && frame.kind !== kind.continuation) continue
        block = Buffer.concat([block, contentOf(frame) ?? frame.payload])
        if ((frame.flags & flag.endHeaders) === 0) continue
        const fields = readBlock(block)
        block = Buffer.alloc(0)
        if (fields === undefined) throw new Error('a header block is invalid')
        heads.push(fields)
      }
      return heads
    },
  }
}

/** The target of a POST; undefined: it is none, or these are trailers. */
export function postTarget(fields: Fields): string | undefined {
  return firstValue(fields, ':method') === 'POST' ? firstValue(fields, ':path') : undefined
}
