import type { RequestPlan } from './plan.ts'

/** Fields that the driver writes itself, or that would change how the connection is used. */
const reserved = ['connection', 'content-length', 'expect', 'te', 'transfer-encoding', 'upgrade']

/**
 * Whether a path can be sent as it is in a request line: it begins with a slash, and has no white space, fragment or
 * character that must be percent-encoded (RFC 9112, 3.2; RFC 3986, appendix A).
 */
export function isRequestPath(text: unknown): text is string {
  return typeof text === 'string' && /^\/[!$-;=?-~]*$/.test(text)
}

/** What to write in place of a path that cannot be sent. */
export const pathRemedy = 'give a path such as /, with other characters percent-encoded: /a%20b'

/** Why a header field cannot be sent, as a remedy; undefined where it can. RFC 9110, 5.1 and 5.5. */
export function headerRemedy(name: string, value: string): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return 'give the name of a header field, such as x-token'
  if (reserved.includes(name.toLowerCase())) return `leave ${name} to the driver`
  if (!/^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/.test(value)) {
    return 'give a value of one line, without spaces around it'
  }
  return undefined
}

/** The body of a request, in bytes. */
export function bodyOf({ body, bodyBytes }: Pick<RequestPlan, 'body' | 'bodyBytes'>): Buffer {
  return body === undefined ? Buffer.alloc(bodyBytes, 'x') : Buffer.from(body)
}

/** Methods whose requests have a length even without content (RFC 9110, 8.6). */
export const withContent: readonly string[] = ['POST', 'PUT', 'PATCH']

/** The header fields of a request to `url`, without its length. User and password become Authorization (RFC 7617). */
export function requestFields({ headers = {} }: RequestPlan, url: URL): [string, string][] {
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  return [
    ...(names.includes('host') ? [] : [['Host', url.host] satisfies [string, string]]),
    ...(names.includes('authorization') ? [] : authorization(url)),
    ...Object.entries(headers),
  ]
}

function authorization({ username, password }: URL): [string, string][] {
  if (username === '' && password === '') return []
  const pair = [username, password].map(decoded).join(':')
  return [['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]
}

/** The text without percent-encoding; as it is where a percent sign stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
