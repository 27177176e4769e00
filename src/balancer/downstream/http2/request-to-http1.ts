/** A field name in HTTP/2: a token without capitals (RFC 9113, section 8.2.1). */
const nameRule = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
/** What would end a line of HTTP/1.1, or a string. */
const lineBreak = /[\0\r\n]/
const methodRule = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** In origin form, without white space, controls and fragment. */
const pathRule = /^\/[!"$-~]*$/

/** Fields that belong to a connection of HTTP/1.1: RFC 9113, section 8.2.2. */
const connectionFields = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Methods whose request has a body, be it empty: RFC 9110, section 8.6. */
const withBody = new Set(['POST', 'PUT', 'PATCH'])

/** The fields of a request, sorted. */
interface Parts {
  readonly pseudo: Map<string, string>
  /** Field lines, in their order. */
  lines: string
  /** Where in the lines Cookie belongs, and all its crumbs (RFC 9113, section 8.2.3). */
  cookie: string
  host: string | undefined
  counted: boolean
}

/**
 * The head of a request in HTTP/2 as that of the same request in HTTP/1.1, for the reader of those to
 * judge. Refuses what would say something else there: RFC 9113, sections 8.2, 8.3 and 10.3.
 *
 * @param fields names and values in turn, a character an octet
 * @param ends nothing follows the head
 * @returns undefined where the request is malformed
 */
export function requestToHttp1(fields: readonly string[], ends: boolean): Buffer | undefined {
  const parts: Parts = { pseudo: new Map(), lines: '', cookie: '', host: undefined, counted: false }
  for (let at = 0; at < fields.length; at += 2) {
    if (!sort(parts, fields[at] as string, fields[at + 1] as string)) return undefined
  }
  const start = startLine(parts)
  const host = hostOf(parts)
  if (start === undefined || host === undefined) return undefined
  const cookie = parts.cookie === '' ? '' : `cookie: ${parts.cookie}\r\n`
  const head = `${start}Host: ${host}\r\n${parts.lines}${cookie}${frame(parts, ends)}\r\n`
  return Buffer.from(head, 'latin1')
}

/** Puts one field where it belongs; false where it must not be. */
function sort(parts: Parts, name: string, value: string): boolean {
  if (lineBreak.test(value)) return false
  if (name.startsWith(':')) return sortPseudo(parts, name, value)
  if (!nameRule.test(name) || connectionFields.has(name)) return false
  if (name === 'te' && value.toLowerCase() !== 'trailers') return false
  if (name === 'host') {
    if (parts.host !== undefined) return false
    parts.host = value
  } else if (name === 'cookie') {
    parts.cookie = parts.cookie === '' ? value : `${parts.cookie}; ${value}`
  } else {
    parts.counted ||= name === 'content-length'
    parts.lines += `${name}: ${value}\r\n`
  }
  return true
}

/** Those that we know come once, before all others. */
function sortPseudo(parts: Parts, name: string, value: string): boolean {
  const late = parts.lines !== '' || parts.cookie !== '' || parts.host !== undefined
  if (late || parts.pseudo.has(name) || !pseudoFields.has(name)) return false
  parts.pseudo.set(name, value)
  return true
}

/** Those of a request: RFC 9113, section 8.3.1. Others, that of an extended CONNECT too, are unknown. */
const pseudoFields = new Set([':method', ':scheme', ':authority', ':path'])

function startLine({ pseudo }: Parts): string | undefined {
  const method = pseudo.get(':method') ?? ''
  const path = pseudo.get(':path')
  const scheme = pseudo.get(':scheme')
  if (!methodRule.test(method)) return undefined
  if (method === 'CONNECT') {
    // Refused by whoever reads this: there it has its own status.
    const plain = path === undefined && scheme === undefined
    return plain ? 'CONNECT / HTTP/1.1\r\n' : undefined
  }
  if (scheme !== 'http' && scheme !== 'https') return undefined
  const whole = path === '*' && method === 'OPTIONS'
  if (path === undefined || !(whole || pathRule.test(path))) return undefined
  return `${method} ${path} HTTP/1.1\r\n`
}

/** Whom the request is for, which `:authority` and Host must not say differently. */
function hostOf({ pseudo, host }: Parts): string | undefined {
  const authority = pseudo.get(':authority')
  if (authority === undefined || host === undefined) return authority ?? host
  return authority.toLowerCase() === host.toLowerCase() ? authority : undefined
}

function frame({ pseudo, counted }: Parts, ends: boolean): string {
  if (counted) return ''
  if (!ends) return 'Transfer-Encoding: chunked\r\n'
  return withBody.has(pseudo.get(':method') as string) ? 'Content-Length: 0\r\n' : ''
}

/** The end of a body in the chunked coding, with its trailers; undefined where those are malformed. */
export function bodyEnd(trailers: readonly string[]): Buffer | undefined {
  let lines = ''
  for (let at = 0; at < trailers.length; at += 2) {
    const name = trailers[at] as string
    const value = trailers[at + 1] as string
    if (!nameRule.test(name) || connectionFields.has(name) || lineBreak.test(value)) {
      return undefined
    }
    lines += `${name}: ${value}\r\n`
  }
  return Buffer.from(`0\r\n${lines}\r\n`, 'latin1')
}
