/** Seconds of `n` units, by a factor or a divisor, so that `700ms` is exactly 0.7. */
const units: Readonly<Record<string, (n: number) => number>> = {
  us: (n) => n / 1e6,
  µs: (n) => n / 1e6,
  ms: (n) => n / 1e3,
  s: (n) => n,
  m: (n) => n * 60,
  h: (n) => n * 3600,
}

/** Seconds of `5s`, `500ms`, `200us`, `2m`, `1h` or plain seconds (`1.5`); undefined if `text` is not a duration. */
export function duration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(us|µs|ms|s|m|h)?$/.exec(text.trim())
  return match ? units[match[2] ?? 's']?.(Number(match[1])) : undefined
}
