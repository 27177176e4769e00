/** A number with separators of thousands. */
export const number = (value: number): string => value.toLocaleString('en')

/** A row of a table in markdown. */
export function row(first: string, cells: readonly (number | string)[]): string {
  const words = cells.map((cell) => (typeof cell === 'number' ? number(cell) : cell))
  return `| ${[first, ...words].join(' | ')} |`
}

/** Outcomes and how often each was, in one cell. */
export function outcomeText(outcomes: Readonly<Record<string, number>>): string {
  const all = Object.entries(outcomes).map(([outcome, count]) => `${outcome} × ${count}`)
  return all.join(', ') || '–'
}
