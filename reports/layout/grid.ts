import Table from 'cli-table3'

/** Cells in columns, without a frame: the first column to the left, the others to the right. */
export interface Grid {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What a rule under the head is drawn with. */
  readonly rule: string
}

const none = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((part) => [part, '']),
)

/** Lays cells out. A cell may have several lines and colours; its width is the visible one. */
export function grid({ head, rows, rule }: Grid): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    chars: { ...none, middle: '  ' },
    // By default cli-table3 colours heads and borders, also in pipes.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const height = Math.max(...head.map((cell) => cell.split('\n').length))
  lines.splice(height, 0, rule.repeat(widthOf(lines)))
  return lines.join('\n')
}

/** Columns that the widest line takes. */
export function widthOf(lines: readonly string[]): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  return Math.max(...lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, '').length))
}
