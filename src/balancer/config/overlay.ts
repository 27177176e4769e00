/** `base` with the fields of `over` that are given, in nested records too; lists are replaced as a whole. */
export function overlay(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isRecord(over)) return over
  // A base that is no record is for the schema to complain of.
  if (!isRecord(base) && base !== undefined) return base
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const field = overlay(merged[name], value)
    if (field !== undefined) merged[name] = field
  }
  return merged
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
