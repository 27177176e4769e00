/** A request, read as strictly as RFC 9112 allows. */
export interface ReadRequest {
  readonly method: string
  /** As a backend must receive it: without the scheme and authority of the absolute form. */
  readonly target: string
  readonly body: string
  /** Whether a proxy must respond itself: RFC 9110, section 7.6.2. */
  readonly respondedLocally: boolean
}

/** The requests in the bytes of a client. */
export interface Reading {
  /** Complete requests, up to the first that is malformed or truncated. */
  readonly requests: readonly ReadRequest[]
  /** The head of the request after them, if its body is malformed or truncated. */
  readonly unfinished: ReadRequest | undefined
  /** Whether malformed bytes follow that start like a HEAD request: the response that refuses them has no body. */
  readonly startsLikeHead: boolean
}

const token = "[!#$%&'*+.^`|~\\w-]+"
const fields = `((?:${token}:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n)*)\\r\\n`
const head = new RegExp(
  `(?:\\r\\n)*(${token}) ([^\\x00-\\x20\\x7f-\\xff#]+) HTTP/1\\.(\\d)\\r\\n${fields}`,
  'y',
)
const likeHead = /(?:\r\n)*HEAD /y
const chunkHead = /([\da-fA-F]{1,32})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?\r\n/y
const trailers = new RegExp(fields, 'y')

/**
 * Reads all of `text`, latin-1 bytes, at once and in the simplest correct way: what the balancer
 * reads from the same bytes, in any pieces, must be a prefix of this.
 */
export function readRequests(text: string): Reading {
  const requests: ReadRequest[] = []
  let at = 0
  for (;;) {
    const [line, method = '', rawTarget = '', minor, lines = ''] = match(head, text, at) ?? []
    if (line === undefined) {
      const startsLikeHead = match(likeHead, text, at) !== null
      return { requests, unfinished: undefined, startsLikeHead }
    }
    at += line.length
    const target = originForm(rawTarget)
    const respondedLocally = /^(OPTIONS|TRACE)$/.test(method) && forwardsLeft(lines) === 0
    const body = bodyAt(text, at, framingOf(lines, minor === '0'))
    if (body === undefined) {
      return {
        requests,
        unfinished: { method, target, body: '', respondedLocally },
        startsLikeHead: false,
      }
    }
    requests.push({ method, target, body: body.data, respondedLocally })
    at = body.end
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function originForm(target: string): string {
  const [scheme] = /^https?:\/\/[^/?]+/i.exec(target) ?? []
  if (scheme === undefined) return target
  const path = target.slice(scheme.length)
  return path.startsWith('/') ? path : `/${path}`
}

/** A length, chunks, or undetermined. */
type Framing = number | 'chunked' | undefined

/** The values of all fields of one name. */
function values(lines: string, name: string): string[] {
  return lines
    .split('\r\n')
    .filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name)
    .map((line) => trimmed(line.slice(name.length + 1)))
}

/** The members of the lists in all fields of one name. */
function members(lines: string, name: string): string[] {
  return values(lines, name).flatMap((value) => value.split(',').map(trimmed))
}

function trimmed(value: string): string {
  return value.replace(/^[\t ]+|[\t ]+$/g, '')
}

/** The value of the last valid Max-Forwards. */
function forwardsLeft(lines: string): number | undefined {
  const last = values(lines, 'max-forwards').findLast((value) => /^\d{1,9}$/.test(value))
  return last === undefined ? undefined : Number(last)
}

function framingOf(lines: string, is10: boolean): Framing {
  const codings = members(lines, 'transfer-encoding')
  const lengths = members(lines, 'content-length')
  if (codings.length > 0) {
    const alone = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked'
    return alone && lengths.length === 0 && !is10 ? 'chunked' : undefined
  }
  if (lengths.some((length) => !/^0*\d{1,15}$/.test(length))) return undefined
  const [length = 0, ...others] = new Set(lengths.map(Number))
  return others.length > 0 ? undefined : length
}

function bodyAt(text: string, at: number, framing: Framing): Body | undefined {
  if (framing === undefined) return undefined
  if (framing === 'chunked') return chunksAt(text, at)
  const end = at + framing
  return end > text.length ? undefined : { data: text.slice(at, end), end }
}

interface Body {
  readonly data: string
  readonly end: number
}

function chunksAt(text: string, from: number): Body | undefined {
  let data = ''
  let at = from
  for (;;) {
    const [line, digits = ''] = match(chunkHead, text, at) ?? []
    if (line === undefined) return undefined
    at += line.length
    const size = Number.parseInt(digits, 16)
    if (size === 0) {
      const [section] = match(trailers, text, at) ?? []
      return section === undefined ? undefined : { data, end: at + section.length }
    }
    if (text.slice(at + size, at + size + 2) !== '\r\n') return undefined
    data += text.slice(at, at + size)
    at += size + 2
  }
}
