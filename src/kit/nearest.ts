import { closest, distance } from 'fastest-levenshtein'

/** The name nearest to `typed` by edit distance; undefined if none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const found = closest(typed, names)
  return distance(typed, found) <= Math.max(2, typed.length / 2) ? found : undefined
}
