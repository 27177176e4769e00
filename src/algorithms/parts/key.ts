import { UsageError } from '../../kit/errors.ts'
import { nearest } from '../../kit/nearest.ts'

/** What of a request can be a key. */
export interface KeySource {
  /** The client's address, without a port. */
  readonly client: string
  /** The request target as it came, in origin form or in absolute form. */
  readonly target: string
  /**
   * The values of all fields of that name, which is in lower case, without the white space around
   * them and put together with `separator`; '' where there is none.
   */
  header(name: string, separator: string): string
}

/**
 * Takes the key to hash from a request: '' where it has none, which is for the caller to count. Every
 * algorithm that hashes sends a request without a key round by weight.
 */
export type HashKey = (request: KeySource) => string

/** The ways to take a key that need no name. */
const plain: Readonly<Record<string, HashKey>> = {
  'client-ip': ({ client }) => client,
  path: ({ target }) => pathOf(target),
}

/** The ways to take a key that need a name, and what a name may look like. */
const named: Readonly<Record<string, { readonly may: RegExp; of(name: string): HashKey }>> = {
  // RFC 9110 section 5.3: two lines mean the same as one with a comma, so they must hash the same.
  header: {
    may: /^[\w!#$%&'*+.^`|~-]+$/,
    of: (name) => {
      const lower = name.toLowerCase()
      return (request) => request.header(lower, ', ')
    },
  },
  cookie: {
    may: /^[\w!#$%&'*+.^`|~-]+$/,
    of: (name) => (request) => cookieOf(request.header('cookie', '; '), name),
  },
  query: { may: /^[^\s&=#]+$/, of: (name) => (request) => parameterOf(request.target, name) },
}

const examples = [...Object.keys(plain), 'header:X-User', 'cookie:session', 'query:id']

/**
 * How to take the key that `spec` names: `client-ip`, `path` (without the query), `header:NAME`,
 * `cookie:NAME`, `query:NAME`. Values are taken as they came, with nothing decoded, as nginx’s variables
 * are; names of cookies and parameters are matched to the letter, and the first counts.
 *
 * @param field what the caller's reader calls it: `key`.
 * @throws UsageError that names the field.
 */
export function hashKey(spec: string, field = 'key'): HashKey {
  const plainKey = Object.hasOwn(plain, spec) ? plain[spec] : undefined
  if (plainKey !== undefined) return plainKey
  const colon = spec.indexOf(':')
  const kind = colon === -1 ? spec : spec.slice(0, colon)
  const name = colon === -1 ? '' : spec.slice(colon + 1)
  const way = Object.hasOwn(named, kind) ? named[kind] : undefined
  if (way === undefined) {
    const meant = nearest(kind, [...Object.keys(plain), ...Object.keys(named)])
    const all = `Use one of: ${examples.join(', ')}.`
    throw new UsageError(
      `${field} "${spec}" is no way to take a key from a request`,
      meant === undefined ? all : `Did you mean ${meant}? ${all}`,
    )
  }
  if (!way.may.test(name)) {
    throw new UsageError(
      name === ''
        ? `${field} "${spec}" lacks a name`
        : `${field} "${spec}" has a name that cannot be`,
      `Write it as ${examples.find((example) => example.startsWith(kind))}.`,
    )
  }
  return way.of(name)
}

/** `/path` of `/path?query` and of `http://host/path?query`; an empty path is `/` (RFC 9110, 4.2.3). */
function pathOf(target: string): string {
  const query = target.indexOf('?')
  const end = query === -1 ? target.length : query
  if (target.startsWith('/')) return target.slice(0, end)
  const scheme = target.indexOf('://')
  if (scheme === -1 || scheme > end) return target.slice(0, end)
  const start = target.indexOf('/', scheme + 3)
  return start === -1 || start > end ? '/' : target.slice(start, end)
}

function parameterOf(target: string, name: string): string {
  const query = target.indexOf('?')
  return query === -1 ? '' : valueIn(target, query + 1, { name, between: '&' })
}

/** RFC 6265 section 4.2.1: pairs with `; ` between them. */
function cookieOf(cookies: string, name: string): string {
  return valueIn(cookies, 0, { name, between: ';' }).trimEnd()
}

/** The value of the first `name=value` from `start` on; '' where there is none. */
function valueIn(
  text: string,
  start: number,
  { name, between }: { readonly name: string; readonly between: string },
): string {
  let at = start
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) {
      at++
      continue
    }
    const next = text.indexOf(between, at)
    const end = next === -1 ? text.length : next
    const value = at + name.length + 1
    if (value <= end && text[value - 1] === '=' && text.startsWith(name, at)) {
      return text.slice(value, end)
    }
    at = end + 1
  }
  return ''
}
