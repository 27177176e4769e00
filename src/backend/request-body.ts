/** Passes over the body of one request, which no mock backend looks at. */
export interface RequestBody {
  /**
   * Passes over what belongs to the body in `bytes` from `start` on, and says where the rest begins;
   * −1: this cannot be a body.
   */
  skip(bytes: Buffer, start: number): number
  /** The body is over. */
  readonly over: boolean
}

/** A body of so many bytes. */
export function sizedBody(length: number): RequestBody {
  let left = length
  return {
    skip(bytes, start) {
      const taken = Math.min(left, bytes.length - start)
      left -= taken
      return start + taken
    },
    get over() {
      return left === 0
    },
  }
}

/** The longest line of a chunk's size or of a trailer. */
const longestLine = 4096

/** A chunked body. RFC 9112 section 7.1; extensions and trailers are passed over. */
export function chunkedBody(): RequestBody {
  let part: 'size' | 'data' | 'end of data' | 'trailer' | 'over' = 'size'
  let line = ''
  let left = 0

  const endOfLine = (): boolean => {
    const text = line.slice(0, -1)
    if (!line.endsWith('\r')) return false
    line = ''
    if (part === 'trailer') {
      if (text === '') part = 'over'
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
    const feed = bytes.indexOf(0x0a, at)
    const end = feed === -1 ? bytes.length : feed
    line += bytes.toString('latin1', at, end)
    if (line.length > longestLine) return -1
    if (feed === -1) return end
    return endOfLine() ? feed + 1 : -1
  }

  return {
    skip(bytes, start) {
      let at = start
      while (at !== -1 && at < bytes.length && part !== 'over') {
        at = part === 'data' ? skipData(bytes, at) : skipLine(bytes, at)
      }
      return at
    },
    get over() {
      return part === 'over'
    },
  }
}
