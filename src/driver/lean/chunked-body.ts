import { type KeptResponse, keepBody } from './kept-response.ts'

/** Reads over a chunked body (RFC 9112, 7.1). */
export interface ChunkedBody {
  /** The next bytes begin a body. */
  begin(): void
  /** Reads from `from` to `to`; returns where it stopped, undefined for an invalid body. Its data is kept in `kept`, if any. */
  read(bytes: Buffer, from: number, to: number, kept?: KeptResponse): number | undefined
  /** Whether the body ended, trailers included. */
  readonly ended: boolean
}

const [tab, lf, cr, space, semicolon] = [9, 10, 13, 32, 59]

/** Maximum digits of a chunk's size: more could not be counted exactly. */
const maxSizeDigits = 13

/** The part of the body that the next byte belongs to. */
type Part = 'size' | 'extension' | 'data' | 'trailer-start' | 'trailer' | 'ended' | LineBreak
type LineBreak = 'size-lf' | 'data-cr' | 'data-lf' | 'trailer-lf' | 'end-lf'

/** Parts of one byte, and the part after each; after the line of a size it depends on the size. */
const lineBreaks: Readonly<Record<LineBreak, { readonly byte: number; readonly next: Part }>> = {
  'size-lf': { byte: lf, next: 'data' },
  'data-cr': { byte: cr, next: 'data-lf' },
  'data-lf': { byte: lf, next: 'size' },
  'trailer-lf': { byte: lf, next: 'trailer-start' },
  'end-lf': { byte: lf, next: 'ended' },
}

/** A reader of chunked bodies, one after the other. */
export function chunkedBody(): ChunkedBody {
  let part: Part = 'size'
  let size = 0
  let sizeDigits = 0

  const begin = (): void => {
    part = 'size'
    size = 0
    sizeDigits = 0
  }
  const takeOfSize = (byte: number): boolean => {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      size = size * 16 + digit
      sizeDigits++
      return sizeDigits <= maxSizeDigits
    }
    part = byte === cr ? 'size-lf' : 'extension'
    return sizeDigits > 0 && (byte === cr || byte === semicolon || byte === space || byte === tab)
  }
  const takeOfLineBreak = (byte: number, of: LineBreak): boolean => {
    const expected = lineBreaks[of]
    if (of === 'data-lf') begin()
    else part = of === 'size-lf' && size === 0 ? 'trailer-start' : expected.next
    return byte === expected.byte
  }
  /** Takes so many bytes of a chunk's data; returns their number. */
  const takeOfData = (bytes: Buffer, at: number, taken: number, kept?: KeptResponse): number => {
    if (kept?.wantsBody) keepBody(kept, bytes, at, taken)
    size -= taken
    if (size === 0) part = 'data-cr'
    return taken
  }
  /** Takes one byte that is not of a chunk's data; returns whether it is valid. */
  const take = (byte: number): boolean => {
    switch (part) {
      case 'size':
        return takeOfSize(byte)
      case 'extension':
        if (byte === cr) part = 'size-lf'
        return byte !== lf
      case 'trailer-start':
        part = byte === cr ? 'end-lf' : 'trailer'
        return byte !== lf
      case 'trailer':
        if (byte === cr) part = 'trailer-lf'
        return byte !== lf
      case 'data':
      case 'ended':
        return false
      default:
        return takeOfLineBreak(byte, part)
    }
  }

  return {
    begin,
    read(bytes, from, to, kept) {
      let at = from
      while (at < to && part !== 'ended') {
        if (part === 'data') {
          at += takeOfData(bytes, at, Math.min(size, to - at), kept)
        } else if (!take(bytes[at++] as number)) return undefined
      }
      return at
    },
    get ended() {
      return part === 'ended'
    },
  }
}

/** The value of a hexadecimal digit; -1 for any other byte. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
