const levels = '▁▂▃▄▅▆▇█'

/** Values as a line of bars, one a character, from 0 to the maximum; a blank where there is no value. */
export function sparkline(values: readonly (number | null)[]): string {
  const max = Math.max(...values.map((value) => value ?? 0))
  return values
    .map((value) => {
      if (value === null) return ' '
      const level = max > 0 ? Math.ceil((value / max) * levels.length) - 1 : 0
      return levels[Math.max(0, level)]
    })
    .join('')
}
