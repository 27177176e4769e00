import { closest, distance } from 'fastest-levenshtein'

/** The name nearest to `typed` by edit distance; undefined if none is near, or shares a letter in its place. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const found = closest(typed, names)
  const edits = distance(typed, found)
  return edits <= Math.max(2, typed.length / 2) && edits < typed.length ? found : undefined
}
