import { blockReader, type Fields } from './blocks.ts'
import { contentOf, type FuzzFrame, flag, kind } from './frames.ts'

/** What one or more frames mean for a stream. */
export type Part = { readonly stream: number } & (
  | { readonly type: 'head'; readonly fields: Fields; readonly end: boolean }
  | { readonly type: 'data'; readonly content: Buffer; readonly end: boolean }
  | { readonly type: 'reset' }
  /** The frames cannot be read from here on. */
  | { readonly type: 'broken'; readonly reason: string }
)

/** Puts header blocks together and decodes them. Returns undefined where a frame completes nothing. */
export function partReader(): (frame: FuzzFrame) => Part | undefined {
  const read = blockReader()
  let block:
    | { readonly stream: number; readonly end: boolean; readonly parts: Buffer[] }
    | undefined

  function continueBlock({ stream, flags }: FuzzFrame, content: Buffer): Part | undefined {
    if (block === undefined) return { stream, type: 'broken', reason: 'CONTINUATION of no block' }
    block.parts.push(content)
    if ((flags & flag.endHeaders) === 0) return undefined
    const { end, parts } = block
    block = undefined
    const fields = read(Buffer.concat(parts))
    return fields === undefined
      ? { stream, type: 'broken', reason: 'a header block that is invalid' }
      : { stream, type: 'head', fields, end }
  }

  function start(frame: FuzzFrame): Part | undefined {
    const { kind: type, stream, flags } = frame
    if (type !== kind.data && type !== kind.headers) return undefined
    const end = (flags & flag.endStream) !== 0
    const content = contentOf(frame)
    if (content === undefined) return { stream, type: 'broken', reason: 'too much padding' }
    if (type === kind.data) return { stream, type: 'data', content, end }
    block = { stream, end, parts: [] }
    return continueBlock(frame, content)
  }

  return (frame) => {
    const { kind: type, stream, payload } = frame
    if (block !== undefined && (type !== kind.continuation || stream !== block.stream)) {
      return { stream, type: 'broken', reason: 'a header block that is interrupted' }
    }
    if (type === kind.continuation) return continueBlock(frame, payload)
    return type === kind.rstStream ? { stream, type: 'reset' } : start(frame)
  }
}
