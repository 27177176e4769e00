/** The fraction that `text` says, above 0 and at most 1: `2%`, `0.5 %` or `0.02`; undefined where it says none. */
export function percentage(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?|\.\d+)\s*(%)?$/.exec(text.trim())
  if (!found) return undefined
  const fraction = Number(found[1]) / (found[2] ? 100 : 1)
  return fraction > 0 && fraction <= 1 ? fraction : undefined
}
