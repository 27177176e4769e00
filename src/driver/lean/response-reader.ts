import { chunkedBody } from './chunked-body.ts'
import { type KeptResponse, keepBody } from './kept-response.ts'
import { invalidHead, parseResponseHead, partialHead, type ResponseHead } from './response-head.ts'

/** Maximum bytes of a response head, all its fields included. */
const maxHeadBytes = 64 * 1024

/** What a reader found in the bytes that it was given. */
type Reading =
  /** The response is not complete yet. */
  | 'partial'
  /** The response is complete, and nothing follows it. */
  | 'complete'
  /** The response is complete, and bytes follow that nobody requested. */
  | 'excess'
  /** It is not a valid HTTP/1 response. */
  | 'invalid'

/** Reads one response at a time from the bytes of a connection. */
export interface ResponseReader {
  /** Reads the first `length` of `bytes`, which are not kept. */
  read(bytes: Buffer, length: number): Reading
  /** The connection ended. Returns whether that completes the response (RFC 9112, 6.3). */
  end(): boolean
  /**
   * The next bytes begin a response, to a HEAD request or not (by default as the first one); the parts of it that `kept` wants
   * are kept there.
   */
  reset(isHead?: boolean, kept?: KeptResponse): void
  /** Status of the response that was completed. */
  readonly status: number
  /** Whether the connection can carry another request after that response. */
  readonly keepAlive: boolean
  /** Whether bytes of a response were read that is not complete. */
  readonly begun: boolean
}

/** A reader of responses, first to requests with or without HEAD, whose responses have no body. */
export function responseReader(first: { readonly isHead: boolean }): ResponseReader {
  const head: ResponseHead = {
    status: 0,
    contentLength: -1,
    coded: false,
    chunked: false,
    keepAlive: true,
    setsCookie: false,
  }
  let { isHead } = first
  let kept: KeptResponse | undefined
  const chunks = chunkedBody()
  /** The begin of a head that did not come in one piece. */
  let pending: Buffer | undefined
  let part: 'head' | 'counted' | 'chunked' | 'until-close' = 'head'
  let left = 0

  const keepHead = (bytes: Buffer, from: number, to: number): void => {
    if (kept !== undefined && (kept.wantsHead || head.setsCookie)) {
      kept.head = bytes.toString('latin1', from, to)
    }
  }
  const keepData = (bytes: Buffer, from: number, length: number): void => {
    if (kept?.wantsBody) keepBody(kept, bytes, from, length)
  }
  const readHeads = (bytes: Buffer, length: number): Reading => {
    let at = 0
    for (;;) {
      const end = parseResponseHead(bytes, at, length, head)
      if (end === invalidHead) return 'invalid'
      if (end === partialHead) return keep(bytes, at, length)
      const began = at
      at = end
      // 1xx come before the response (RFC 9110, 15.2); 101 was not requested.
      if (head.status >= 200) {
        keepHead(bytes, began, end)
        return beginBody(bytes, at, length)
      }
      if (head.status === 101) return 'invalid'
    }
  }
  const keep = (bytes: Buffer, from: number, to: number): Reading => {
    if (to - from > maxHeadBytes) return 'invalid'
    pending = to > from ? Buffer.from(bytes.subarray(from, to)) : undefined
    return 'partial'
  }
  const beginBody = (bytes: Buffer, from: number, to: number): Reading => {
    const { status } = head
    if (isHead || status === 204 || status === 304) return complete(from, to)
    if (head.chunked) {
      part = 'chunked'
      chunks.begin()
    } else if (head.contentLength >= 0) {
      part = 'counted'
      left = head.contentLength
    } else {
      part = 'until-close'
      head.keepAlive = false
    }
    return readBody(bytes, from, to)
  }
  const readBody = (bytes: Buffer, from: number, to: number): Reading => {
    if (part === 'until-close') {
      keepData(bytes, from, to - from)
      return 'partial'
    }
    if (part === 'counted') {
      const taken = Math.min(left, to - from)
      keepData(bytes, from, taken)
      left -= taken
      return left === 0 ? complete(from + taken, to) : 'partial'
    }
    const at = chunks.read(bytes, from, to, kept)
    if (at === undefined) return 'invalid'
    return chunks.ended ? complete(at, to) : 'partial'
  }
  const complete = (at: number, to: number): Reading => {
    part = 'head'
    return at === to ? 'complete' : 'excess'
  }

  return {
    read(bytes, length) {
      if (part !== 'head') return readBody(bytes, 0, length)
      if (pending === undefined) return readHeads(bytes, length)
      const all = Buffer.concat([pending, bytes.subarray(0, length)])
      pending = undefined
      return readHeads(all, all.length)
    },
    end: () => part === 'until-close',
    reset(toHead = first.isHead, keep = undefined) {
      isHead = toHead
      kept = keep
      part = 'head'
      pending = undefined
    },
    get status() {
      return head.status
    },
    get keepAlive() {
      return head.keepAlive
    },
    get begun() {
      return part !== 'head' || pending !== undefined
    },
  }
}
