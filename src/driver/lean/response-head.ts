/** The part of a response head that a load generator needs. */
export interface ResponseHead {
  status: number
  /** Bytes of the body; -1: none is given. */
  contentLength: number
  /** Whether the body has a transfer coding, and whether the last one is chunked. */
  coded: boolean
  chunked: boolean
  /** Whether the connection can carry another request (RFC 9112, 9.3). */
  keepAlive: boolean
  /** Whether it sets a cookie. */
  setsCookie: boolean
}

const [tab, lf, cr, space, comma, colon] = [9, 10, 13, 32, 44, 58]
const [zero, nine] = [48, 57]

/** Returned where the bytes end before the head does. */
export const partialHead = 0
/** Returned for bytes that are no HTTP/1 response head. */
export const invalidHead = -1

/**
 * Parses the head that begins at `from`, at most up to `to`, into `head`. Returns where the body begins, or
 * `partialHead` or `invalidHead`. It makes no strings: nearly all of a driver's time would go into them.
 */
export function parseResponseHead(
  bytes: Buffer,
  from: number,
  to: number,
  head: ResponseHead,
): number {
  let lineEnd = endOfLine(bytes, from, to)
  if (lineEnd < 0) return mayBeStatusLine(bytes, from, to) ? partialHead : invalidHead
  if (!parseStatusLine(bytes, from, lineEnd, head)) return invalidHead
  let at = lineEnd + 1
  for (;;) {
    lineEnd = endOfLine(bytes, at, to)
    if (lineEnd < 0) return partialHead
    if (bytes[lineEnd - 1] !== cr) return invalidHead
    if (lineEnd - 1 === at) break
    if (!parseField(bytes, at, lineEnd - 1, head)) return invalidHead
    at = lineEnd + 1
  }
  // RFC 9112, 6.1: a length beside a transfer coding may be an attempt to smuggle.
  return head.coded && head.contentLength >= 0 ? invalidHead : lineEnd + 1
}

/** Index of the line feed that ends the line; -1: there is none before `to`. */
function endOfLine(bytes: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === lf) return i
  return -1
}

const beginning = 'HTTP/1.'

/** Whether a response may begin with these bytes: garbage is invalid at once, without waiting for more. */
function mayBeStatusLine(bytes: Buffer, from: number, to: number): boolean {
  const known = Math.min(beginning.length, to - from)
  for (let i = 0; i < known; i++) if (bytes[from + i] !== beginning.charCodeAt(i)) return false
  return true
}

/** Parses `HTTP/1.1 200 OK`; returns whether it is valid. */
function parseStatusLine(
  bytes: Buffer,
  from: number,
  lineEnd: number,
  head: ResponseHead,
): boolean {
  const minor = bytes[from + 7] as number
  const after = bytes[from + 12]
  const valid =
    lineEnd - from >= 13 &&
    mayBeStatusLine(bytes, from, lineEnd) &&
    minor >= zero &&
    minor <= nine &&
    bytes[from + 8] === space &&
    (after === space || after === cr) &&
    bytes[lineEnd - 1] === cr
  if (!valid) return false
  head.status = digits(bytes, from + 9, from + 12)
  head.contentLength = -1
  head.coded = false
  head.chunked = false
  head.keepAlive = minor !== zero
  head.setsCookie = false
  return head.status >= 100
}

/** Parses the field from `at` to `end`, without its line break; returns whether it is valid. */
function parseField(bytes: Buffer, at: number, end: number, head: ResponseHead): boolean {
  let nameEnd = at
  while (bytes[nameEnd] !== colon) {
    // A name has no white space, and a line without a colon is no field (RFC 9112, 5).
    if ((bytes[nameEnd] as number) <= space) return false
    nameEnd++
  }
  switch (nameEnd - at) {
    case 0:
      return false
    case 10:
      if (isText(bytes, at, 'connection')) readConnection(bytes, nameEnd + 1, end, head)
      else if (isText(bytes, at, 'set-cookie')) head.setsCookie = true
      return true
    case 14:
      return !isText(bytes, at, 'content-length') || readLength(bytes, nameEnd + 1, end, head)
    case 17:
      if (!isText(bytes, at, 'transfer-encoding')) return true
      head.coded = true
      head.chunked = lastToken(bytes, nameEnd + 1, end, 'chunked')
      return true
    default:
      return true
  }
}

function readConnection(bytes: Buffer, from: number, to: number, head: ResponseHead): void {
  if (hasToken(bytes, from, to, 'close')) head.keepAlive = false
  else if (hasToken(bytes, from, to, 'keep-alive')) head.keepAlive = true
}

/** Returns whether the length is valid, and the same as any before it (RFC 9112, 6.3). */
function readLength(bytes: Buffer, from: number, to: number, head: ResponseHead): boolean {
  let [start, end] = [from, to]
  while (start < end && isBlank(bytes[start])) start++
  while (end > start && isBlank(bytes[end - 1])) end--
  const length = digits(bytes, start, end)
  const differs = head.contentLength >= 0 && head.contentLength !== length
  head.contentLength = length
  return length >= 0 && !differs
}

/** The decimal number in these bytes; -1 where they are not digits only, or too large to count with. */
function digits(bytes: Buffer, from: number, to: number): number {
  if (from >= to) return -1
  let value = 0
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (byte < zero || byte > nine) return -1
    value = value * 10 + byte - zero
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : -1
}

function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab
}

/** Whether `text`, in lower case, stands at `from`, in any case. */
function isText(bytes: Buffer, from: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const byte = bytes[from + i] as number
    if (byte !== code && !(byte >= 65 && byte <= 90 && byte + 32 === code)) return false
  }
  return true
}

/** Whether a list of tokens, separated by commas, has this one. */
function hasToken(bytes: Buffer, from: number, to: number, token: string): boolean {
  let start = from
  for (let i = from; i <= to; i++) {
    if (i < to && bytes[i] !== comma) continue
    if (isToken(bytes, start, i, token)) return true
    start = i + 1
  }
  return false
}

/** Whether the last token of a list is this one. */
function lastToken(bytes: Buffer, from: number, to: number, token: string): boolean {
  let start = to
  while (start > from && bytes[start - 1] !== comma) start--
  return isToken(bytes, start, to, token)
}

function isToken(bytes: Buffer, from: number, to: number, token: string): boolean {
  let [start, end] = [from, to]
  while (start < end && isBlank(bytes[start])) start++
  while (end > start && isBlank(bytes[end - 1])) end--
  return end - start === token.length && isText(bytes, start, token)
}
