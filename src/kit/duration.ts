const secondsPer = { us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 } as const

/** Seconds of `5s`, `500ms`, `200us`, `2m`, `1h` or plain seconds (`1.5`); undefined where `text` is none of these. */
export function duration(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?|\.\d+)\s*(us|µs|ms|s|m|h)?$/.exec(text.trim())
  if (!found) return undefined
  const [, number, unit = 's'] = found
  return Number(number) * secondsPer[unit as keyof typeof secondsPer]
}
