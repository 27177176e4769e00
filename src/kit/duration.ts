/** Seconds of `n` units, by a factor or a divisor, so that `700ms` is exactly 0.7. */
const units: Readonly<Record<string, (n: number) => number>> = {
  us: (n) => n / 1e6,
  µs: (n) => n / 1e6,
  ms: (n) => n / 1e3,
  s: (n) => n,
  m: (n) => n * 60,
  h: (n) => n * 3600,
  d: (n) => n * 86_400,
}

const part = /(\d+(?:\.\d+)?|\.\d+)(us|µs|ms|s|m|h|d)/g
const parts = new RegExp(`^(?:${part.source})+$`)

/**
 * Seconds of `5s`, `500ms`, `200us`, `1h`, `1d` or `2m30s`; undefined if `text` is not a duration. A number needs its
 * unit, since 20 may be meant as seconds or as milliseconds; 0 needs none.
 */
export function duration(text: string): number | undefined {
  const compact = text.trim().replace(/^([\d.]+)\s+/, '$1')
  if (compact === '0') return 0
  if (!parts.test(compact)) return undefined
  return [...compact.matchAll(part)].reduce(
    (sum, [, number, unit = '']) => sum + (units[unit]?.(Number(number)) ?? 0),
    0,
  )
}
