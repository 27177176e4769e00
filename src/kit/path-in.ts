/** The value at a path of field names, such as `limits.pool`; undefined where there is none. */
export function pathIn(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      value,
    )
}
