import { UsageError } from '../../kit/errors.ts'
import { nearest } from '../../kit/nearest.ts'

/** The parts of a request that can be a key. */
export interface KeySource {
  /** The client's address, without a port. */
  readonly client: string
  /** The request target as received, in origin form or absolute form. */
  readonly target: string
  /**
   * The values of all fields with this name (in lower case), trimmed and joined with `separator`; '' if there is
   * none.
   */
  header(name: string, separator: string): string
}

/**
 * Takes the hash key from a request: '' if it has none. Every hash algorithm distributes requests without a key by
 * weight.
 */
export type HashKey = (request: KeySource) => string

/** Key sources without a name. */
const unnamedSources: Readonly<Record<string, HashKey>> = {
  'client-ip': ({ client }) => client,
  path: ({ target }) => pathOf(target),
}

/** Key sources with a name, and the pattern of valid names. */
const namedSources: Readonly<
  Record<string, { readonly pattern: RegExp; of(name: string): HashKey }>
> = {
  // RFC 9110 section 5.3: two lines mean the same as one with a comma, so they must hash the same.
  header: {
    pattern: /^[\w!#$%&'*+.^`|~-]+$/,
    of: (name) => {
      const lower = name.toLowerCase()
      return (request) => request.header(lower, ', ')
    },
  },
  cookie: {
    pattern: /^[\w!#$%&'*+.^`|~-]+$/,
    of: (name) => (request) => cookieOf(request.header('cookie', '; '), name),
  },
  query: { pattern: /^[^\s&=#]+$/, of: (name) => (request) => parameterOf(request.target, name) },
}

const examples = [...Object.keys(unnamedSources), 'header:X-User', 'cookie:session', 'query:id']

/**
 * The key function for `spec`: `client-ip`, `path` (without the query), `header:NAME`, `cookie:NAME` or
 * `query:NAME`. Values are not decoded, as with nginx’s variables; names of cookies and parameters are case
 * sensitive, and the first occurrence counts.
 *
 * @param field the name of the setting in error messages
 * @throws UsageError when `spec` is invalid
 */
export function hashKey(spec: string, field = 'key'): HashKey {
  const unnamed = Object.hasOwn(unnamedSources, spec) ? unnamedSources[spec] : undefined
  if (unnamed !== undefined) return unnamed
  const colon = spec.indexOf(':')
  const kind = colon === -1 ? spec : spec.slice(0, colon)
  const name = colon === -1 ? '' : spec.slice(colon + 1)
  const source = Object.hasOwn(namedSources, kind) ? namedSources[kind] : undefined
  if (source === undefined) {
    const meant = nearest(kind, [...Object.keys(unnamedSources), ...Object.keys(namedSources)])
    const all = `use one of: ${examples.join(', ')}`
    throw new UsageError(
      `${field} "${spec}" is not a hash key`,
      meant === undefined ? all : `did you mean ${meant}? ${all}`,
    )
  }
  if (!source.pattern.test(name)) {
    throw new UsageError(
      name === '' ? `${field} "${spec}" has no name` : `${field} "${spec}" has an invalid name`,
      `use the form ${examples.find((example) => example.startsWith(kind))}`,
    )
  }
  return source.of(name)
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
  return query === -1 ? '' : valueIn(target, query + 1, { name, separator: '&' })
}

/** RFC 6265 section 4.2.1: pairs separated by `; `. */
function cookieOf(cookies: string, name: string): string {
  return valueIn(cookies, 0, { name, separator: ';' }).trimEnd()
}

/** The value of the first `name=value` from `start` on; '' if there is none. */
function valueIn(
  text: string,
  start: number,
  { name, separator }: { readonly name: string; readonly separator: string },
): string {
  let at = start
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) {
      at++
      continue
    }
    const next = text.indexOf(separator, at)
    const end = next === -1 ? text.length : next
    const value = at + name.length + 1
    if (value <= end && text[value - 1] === '=' && text.startsWith(name, at)) {
      return text.slice(value, end)
    }
    at = end + 1
  }
  return ''
}
