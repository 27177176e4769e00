import { closest, distance } from 'fastest-levenshtein'

/** The name that `typed` most likely meant, or undefined where none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const found = closest(typed, names)
  return distance(typed, found) <= Math.max(2, typed.length / 2) ? found : undefined
}
