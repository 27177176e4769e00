/** Names the columns that a terminal is too narrow for, and the way to see them. */
export function droppedNote(columns: readonly string[], width = 80): string {
  return `Not shown at ${width} columns: ${columns.join(', ')} (a wider terminal, or COLUMNS=${wider(width)}, shows more).`
}

/** The next width worth trying. */
function wider(width: number): number {
  return Math.max(120, Math.ceil((width + 40) / 20) * 20)
}
