/**
 * The value of a map's own field. A name from outside may be that of a property of every object, such as `constructor`, which
 * `map[name]` would find.
 */
export function ownValue<Value>(
  map: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined
}

/** Adds to the count of a name from outside, whatever the name is. */
export function addCount(counts: Record<string, number>, name: string, times = 1): void {
  const value = (ownValue(counts, name) ?? 0) + times
  // An assignment to this name would set no field.
  if (name !== '__proto__') counts[name] = value
  else Object.defineProperty(counts, name, { value, ...field })
}

const field = { enumerable: true, writable: true, configurable: true } as const
