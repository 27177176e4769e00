import { teValue } from '../../http/connection-fields.ts'
import { isPlainField, lineBreak } from '../../http/http2-fields.ts'

const methodRule = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** In origin form, without white space, controls and fragment. */
const pathRule = /^\/[!"$-~]*$/

/** Pseudo-header fields of a request: RFC 9113, section 8.3.1. Others, as of an extended CONNECT, are malformed. */
const pseudoFields = new Set([':method', ':scheme', ':authority', ':path'])

/** Methods whose request has a body, even an empty one: RFC 9110, section 8.6. */
const withBody = new Set(['POST', 'PUT', 'PATCH'])

/** The head of a request in HTTP/1.1. */
export interface Http1Request {
  readonly bytes: Buffer
  /** Its body must follow in the chunked coding. */
  readonly chunked: boolean
  readonly acceptsTrailers: boolean
}

/** The fields of a request, sorted. */
interface Parts {
  readonly pseudo: Map<string, string>
  /** Field lines, in their order. */
  lines: string
  /** All parts of Cookie in one value: RFC 9113, section 8.2.3. */
  cookie: string
  host: string | undefined
  hasLength: boolean
  acceptsTrailers: boolean
}

/**
 * Converts the head of a request from HTTP/2 to HTTP/1.1, for the reader that all requests go through.
 * A field that could be read differently there makes it malformed: RFC 9113, sections 8.2, 8.3 and 10.3.
 *
 * @param fields names and values by turns, one character per byte
 * @param ended no body follows
 * @returns undefined where the request is malformed
 */
export function requestToHttp1(
  fields: readonly string[],
  ended: boolean,
): Http1Request | undefined {
  const parts: Parts = {
    pseudo: new Map(),
    lines: '',
    cookie: '',
    host: undefined,
    hasLength: false,
    acceptsTrailers: false,
  }
  for (let index = 0; index < fields.length; index += 2) {
    if (!sort(parts, fields[index] as string, fields[index + 1] as string)) return undefined
  }
  const start = startLine(parts)
  const host = hostOf(parts)
  if (start === undefined || host === undefined) return undefined
  const cookie = parts.cookie === '' ? '' : `cookie: ${parts.cookie}\r\n`
  const chunked = !parts.hasLength && !ended
  const head = `${start}Host: ${host}\r\n${parts.lines}${cookie}${framingOf(parts, chunked)}\r\n`
  const { acceptsTrailers } = parts
  return { bytes: Buffer.from(head, 'latin1'), chunked, acceptsTrailers }
}

/** Adds one field to the parts; false where it is malformed. */
function sort(parts: Parts, name: string, value: string): boolean {
  if (name.startsWith(':')) return !lineBreak.test(value) && sortPseudo(parts, name, value)
  if (!isPlainField(name, value)) return false
  if (name === 'te' && value.toLowerCase() !== teValue) return false
  if (name === 'host') {
    if (parts.host !== undefined) return false
    parts.host = value
  } else if (name === 'cookie') {
    parts.cookie = parts.cookie === '' ? value : `${parts.cookie}; ${value}`
  } else {
    parts.acceptsTrailers ||= name === 'te'
    parts.hasLength ||= name === 'content-length'
    parts.lines += `${name}: ${value}\r\n`
  }
  return true
}

/** Known pseudo-header fields come once each, before all other fields. */
function sortPseudo(parts: Parts, name: string, value: string): boolean {
  const misplaced = parts.lines !== '' || parts.cookie !== '' || parts.host !== undefined
  if (misplaced || parts.pseudo.has(name) || !pseudoFields.has(name)) return false
  parts.pseudo.set(name, value)
  return true
}

function startLine({ pseudo }: Parts): string | undefined {
  const method = pseudo.get(':method') ?? ''
  const path = pseudo.get(':path')
  const scheme = pseudo.get(':scheme')
  if (!methodRule.test(method)) return undefined
  if (method === 'CONNECT') {
    // The reader of HTTP/1.1 refuses it, with its own status.
    const plain = path === undefined && scheme === undefined
    return plain ? 'CONNECT / HTTP/1.1\r\n' : undefined
  }
  if (scheme !== 'http' && scheme !== 'https') return undefined
  const asterisk = path === '*' && method === 'OPTIONS'
  if (path === undefined || !(asterisk || pathRule.test(path))) return undefined
  return `${method} ${path} HTTP/1.1\r\n`
}

/** The host of the request. `:authority` and Host must not differ. */
function hostOf({ pseudo, host }: Parts): string | undefined {
  const authority = pseudo.get(':authority')
  if (authority === undefined || host === undefined) return authority ?? host
  return authority.toLowerCase() === host.toLowerCase() ? authority : undefined
}

function framingOf({ pseudo, hasLength }: Parts, chunked: boolean): string {
  if (hasLength) return ''
  if (chunked) return 'Transfer-Encoding: chunked\r\n'
  return withBody.has(pseudo.get(':method') as string) ? 'Content-Length: 0\r\n' : ''
}
