/** The fraction, above 0 and at most 1, of `2%`, `0.5 %` or `0.02`; undefined if `text` is not such a fraction. */
export function percentage(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%)?$/.exec(text.trim())
  if (!match) return undefined
  const fraction = Number(match[1]) / (match[2] ? 100 : 1)
  return fraction > 0 && fraction <= 1 ? fraction : undefined
}
