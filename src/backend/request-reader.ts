import { chunkedBody, emptyBody, type RequestBody, sizedBody } from './request-body.ts'
import { parseRequestHead, type Refusal, type RequestHead } from './request-head.ts'

/** Maximum size of a head, in bytes. */
const maxHeadBytes = 64 * 1024

/** Reads the requests of one connection, one after another. */
export interface RequestReader {
  /** Adds received bytes. */
  feed(bytes: Buffer): void
  /**
   * The next event, or undefined until more is fed: the head of a request, then `complete` after its body; or a
   * refusal, after which nothing can be read any more.
   */
  next(): RequestHead | 'complete' | Refusal | undefined
  /** Bytes that were fed and not yet read. */
  readonly pendingBytes: number
}

/** A reader at the start of a connection. HTTP/1.1 by RFC 9112. */
export function requestReader(): RequestReader {
  let bytes: Buffer = Buffer.alloc(0)
  let at = 0
  let body: RequestBody | undefined
  /** The last head, up to the end of its empty line: clients repeat theirs, and comparing costs a tenth of parsing. */
  let last: { readonly bytes: Buffer; readonly head: RequestHead } | undefined

  const begin = (head: RequestHead, length: number): RequestHead => {
    at += length
    if (head.body === 'chunked') body = chunkedBody()
    else body = head.body === 0 ? emptyBody : sizedBody(head.body)
    return head
  }
  const readHead = (): RequestHead | Refusal | undefined => {
    // Empty lines before a request are ignored (RFC 9112 section 2.2).
    while (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2
    if (last !== undefined && beginsWith(bytes, at, last.bytes)) {
      return begin(last.head, last.bytes.length)
    }
    const end = bytes.indexOf('\r\n\r\n', at, 'latin1')
    if (end === -1) return bytes.length - at > maxHeadBytes ? { status: 431 } : undefined
    if (end - at > maxHeadBytes) return { status: 431 }
    const head = parseRequestHead(bytes.toString('latin1', at, end))
    if ('status' in head) return head
    last = { bytes: Buffer.from(bytes.subarray(at, end + 4)), head }
    return begin(head, end + 4 - at)
  }
  const readBody = (current: RequestBody): 'complete' | Refusal | undefined => {
    const next = current.skip(bytes, at)
    if (next === -1) return { status: 400 }
    at = next
    if (!current.complete) return undefined
    body = undefined
    return 'complete'
  }

  return {
    feed(more) {
      bytes = at === bytes.length ? more : Buffer.concat([bytes.subarray(at), more])
      at = 0
    },
    next() {
      return body === undefined ? readHead() : readBody(body)
    },
    get pendingBytes() {
      return bytes.length - at
    },
  }
}

/** Whether `beginning` stands in `bytes` at `at`. */
function beginsWith(bytes: Buffer, at: number, beginning: Buffer): boolean {
  const end = at + beginning.length
  return end <= bytes.length && bytes.compare(beginning, 0, beginning.length, at, end) === 0
}
