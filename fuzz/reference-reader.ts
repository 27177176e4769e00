/** A request as the standard has it read: RFC 9112 at its strictest. */
export interface ReadRequest {
  readonly method: string
  /** As a backend must get it: without the scheme and authority of the absolute form. */
  readonly target: string
  readonly body: string
  /** A proxy answers it itself: RFC 9110, section 7.6.2. */
  readonly stays: boolean
}

/** The requests in what a client sent. */
export interface Reading {
  /** Those that are there in full, up to the first that is broken or cut short. */
  readonly requests: readonly ReadRequest[]
  /** The head of a request behind them whose body is broken or cut short. */
  readonly unfinished: ReadRequest | undefined
  /** What follows is no request, but starts like one with HEAD: its refusal has no body. */
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
 * Reads all of `text`, latin-1 bytes, at once and in the simplest way that is right: what the balancer
 * makes of the same bytes, in whatever pieces they come, must be the start of this.
 */
export function readRequests(text: string): Reading {
  const requests: ReadRequest[] = []
  let at = 0
  for (;;) {
    const [line, method = '', asked = '', minor, lines = ''] = match(head, text, at) ?? []
    if (line === undefined) {
      const startsLikeHead = match(likeHead, text, at) !== null
      return { requests, unfinished: undefined, startsLikeHead }
    }
    at += line.length
    const target = originForm(asked)
    const stays = /^(OPTIONS|TRACE)$/.test(method) && forwardsLeft(lines) === 0
    const body = bodyAt(text, at, framingOf(lines, minor === '0'))
    if (body === undefined) {
      return { requests, unfinished: { method, target, body: '', stays }, startsLikeHead: false }
    }
    requests.push({ method, target, body: body.data, stays })
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

/** A length, chunks, or no way to tell. */
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

/** What the last Max-Forwards says that can be read. */
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
