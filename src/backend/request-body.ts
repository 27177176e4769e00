/** Skips the body of one request: mock backends ignore it. */
export interface RequestBody {
  /**
   * Skips the part of `bytes` from `start` on that belongs to the body, and returns where the rest begins;
   * −1 when the body is malformed.
   */
  skip(bytes: Buffer, start: number): number
  /** The body is complete. */
  readonly complete: boolean
}

/** A body of no bytes. */
export const emptyBody: RequestBody = { skip: (_bytes, start) => start, complete: true }

/** A body of `length` bytes. */
export function sizedBody(length: number): RequestBody {
  let left = length
  return {
    skip(bytes, start) {
      const taken = Math.min(left, bytes.length - start)
      left -= taken
      return start + taken
    },
    get complete() {
      return left === 0
    },
  }
}

/** Maximum length of a chunk size line or a trailer line, in bytes. */
const maxLineBytes = 4096

/** A chunked body. RFC 9112 section 7.1; chunk extensions and trailers are ignored. */
export function chunkedBody(): RequestBody {
  let part: 'size' | 'data' | 'end of data' | 'trailer' | 'complete' = 'size'
  let line = ''
  let left = 0

  const readLine = (): boolean => {
    const text = line.slice(0, -1)
    if (!line.endsWith('\r')) return false
    line = ''
    if (part === 'trailer') {
      if (text === '') part = 'complete'
      return true
    }
    if (part === 'end of data') {
      part = 'size'
      return text === ''
    }
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(text)?.[1]
    if (size === undefined) return false
    left = Number.parseInt(size, 16)
    part = left === 0 ? 'trailer' : 'data'
    return true
  }
  const skipData = (bytes: Buffer, at: number): number => {
    const taken = Math.min(left, bytes.length - at)
    left -= taken
    if (left === 0) part = 'end of data'
    return at + taken
  }
  const skipLine = (bytes: Buffer, at: number): number => {
    const lineFeed = bytes.indexOf(0x0a, at)
    const end = lineFeed === -1 ? bytes.length : lineFeed
    line += bytes.toString('latin1', at, end)
    if (line.length > maxLineBytes) return -1
    if (lineFeed === -1) return end
    return readLine() ? lineFeed + 1 : -1
  }

  return {
    skip(bytes, start) {
      let at = start
      while (at !== -1 && at < bytes.length && part !== 'complete') {
        at = part === 'data' ? skipData(bytes, at) : skipLine(bytes, at)
      }
      return at
    },
    get complete() {
      return part === 'complete'
    },
  }
}
