import { patternOf } from './check.ts'

/** The part of a response that later steps use. A pattern is the source of a regular expression with one group. */
export type Capture =
  | { readonly kind: 'json'; readonly pointer: string }
  | { readonly kind: 'header' | 'cookie'; readonly name: string }
  | { readonly kind: 'regex'; readonly pattern: string }

/** What a capture may look like; for messages and the reference. */
export const captureRemedy =
  'give a capture such as "json /items/0/id", "header x-token", "cookie sid" or "regex /id=(\\d+)/"'

/** A capture as written; undefined where it is none. */
export function captureOf(value: unknown): Capture | undefined {
  if (typeof value !== 'string') return undefined
  const [, kind, rest = ''] = /^(json|header|cookie|regex)\s+(.+)$/s.exec(value.trim()) ?? []
  switch (kind) {
    case 'json':
      return rest.startsWith('/') ? { kind, pointer: rest } : undefined
    case 'header':
    case 'cookie':
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(rest)) return undefined
      return { kind, name: kind === 'header' ? rest.toLowerCase() : rest }
    case 'regex': {
      const pattern = patternOf(rest)
      return pattern === undefined || groupsOf(pattern) !== 1 ? undefined : { kind, pattern }
    }
    default:
      return undefined
  }
}

function groupsOf(pattern: string): number {
  return (new RegExp(`${pattern}|`).exec('') as RegExpExecArray).length - 1
}
