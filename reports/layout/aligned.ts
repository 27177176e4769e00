/** A cell of a list without rules: its text, and the style that it is drawn in. */
export interface Cell {
  readonly text: string
  readonly paint?: ((text: string) => string) | undefined
}

/** Blanks between two columns. */
const gap = '  '

/** Rows whose columns line up, without rules. A style changes no width; blanks at the end of a line are left out. */
export function aligned(
  rows: readonly (readonly Cell[])[],
  sides: readonly ('left' | 'right')[],
): string[] {
  const widths = sides.map((_, i) => Math.max(0, ...rows.map((row) => row[i]?.text.length ?? 0)))
  return rows.map((row) => {
    const last = row.findLastIndex(({ text }) => text.trim() !== '')
    return row
      .slice(0, last + 1)
      .map(({ text, paint = (plain) => plain }, i) => {
        const blanks = ' '.repeat((widths[i] ?? 0) - text.length)
        if (sides[i] === 'right') return `${blanks}${paint(text)}`
        return i === last ? paint(text) : `${paint(text)}${blanks}`
      })
      .join(gap)
  })
}

/** The columns that these rows take. */
export function alignedWidth(rows: readonly (readonly Cell[])[], columns: number): number {
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.map((row) => row[i]?.text.length ?? 0)),
  )
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns - 1)
}
