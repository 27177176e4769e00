/** How many seconds a unit is, as a factor or a divisor, so that `700ms` is exactly 0.7. */
const units: Readonly<Record<string, (n: number) => number>> = {
  us: (n) => n / 1e6,
  µs: (n) => n / 1e6,
  ms: (n) => n / 1e3,
  s: (n) => n,
  m: (n) => n * 60,
  h: (n) => n * 3600,
}

/** Seconds of `5s`, `500ms`, `200us`, `2m`, `1h` or plain seconds (`1.5`); undefined where `text` is none of these. */
export function duration(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?|\.\d+)\s*(us|µs|ms|s|m|h)?$/.exec(text.trim())
  return found ? units[found[2] ?? 's']?.(Number(found[1])) : undefined
}
