/**
 * The value at a path of `res.json('a.b.0.c')`: names and indexes with dots between; `#` is the length of an array,
 * or `#.name` the values of all its elements. A dot in a name is written `\.`.
 */
export function jsonPath(value: unknown, path: string): unknown {
  return follow(
    value,
    path.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.')),
  )
}

function follow(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  if (part === '#' && Array.isArray(value)) {
    if (rest.length === 0) return value.length
    return value.map((element) => follow(element, rest)).filter((found) => found !== undefined)
  }
  if (!Object.hasOwn(value, part)) return undefined
  return follow((value as Record<string, unknown>)[part], rest)
}
