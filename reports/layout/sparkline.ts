const levels = '▁▂▃▄▅▆▇█'

/** Values as a line of bars, one a character, from 0 to `top` (default: their maximum); a blank where there is no value. */
export function sparkline(
  values: readonly (number | null)[],
  top = Math.max(0, ...values.map((value) => value ?? 0)),
): string {
  return values
    .map((value) => {
      if (value === null) return ' '
      const level = top > 0 ? Math.ceil((value / top) * levels.length) - 1 : 0
      return levels[Math.min(levels.length - 1, Math.max(0, level))]
    })
    .join('')
}
