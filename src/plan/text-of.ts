/** A value of a file as text. Of a map it is JSON: a map may have a field `toString`, which `String` would call. */
export function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
