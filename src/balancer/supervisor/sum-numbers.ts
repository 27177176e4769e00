/** The sum of two records with the same fields: of numbers, of the elements of lists, and of the fields of records. */
export function sumNumbers<Value>(a: Value, b: Value): Value {
  if (typeof a === 'number') return (a + (b as number)) as Value
  if (Array.isArray(a))
    return a.map((one, index) => sumNumbers(one, (b as unknown[])[index])) as Value
  if (typeof a !== 'object' || a === null) return a
  const entries = Object.entries(a).map(([name, one]) => [
    name,
    sumNumbers(one, (b as Record<string, unknown>)[name]),
  ])
  return Object.fromEntries(entries) as Value
}
