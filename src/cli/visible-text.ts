// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
const colourCode = /(\u001b\[[\d;]*m)/g

/** The columns that a line takes: its characters without colour codes. */
export function visibleLength(line: string): number {
  return line.replace(colourCode, '').length
}

/** The first columns of a line; colour codes take none, and are all kept. */
export function clipped(line: string, columns: number): string {
  let left = columns
  return line
    .split(colourCode)
    .map((part, i) => {
      // Every second part is a colour code.
      if (i % 2 === 1) return part
      const kept = part.slice(0, Math.max(0, left))
      left -= kept.length
      return kept
    })
    .join('')
}
