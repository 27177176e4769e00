import type { Layer } from './chart.ts'

/** The right end of a line. */
export interface LineEnd {
  readonly name: string
  readonly colour: string
  /** Pixels from the top of the plot. */
  readonly top: number
}

/** Pixels from one name to the next. */
const lineHeight = 15

/** Names at the right ends of lines, in their colours, moved apart where they would overlap. */
export function endLabels(ends: readonly LineEnd[], height: number): Layer[] {
  const sorted = ends.toSorted((a, b) => a.top - b.top)
  return apart(
    sorted.map(({ top }) => top),
    height,
  ).map((top, i) => {
    const { name = '', colour = '' } = sorted[i] ?? {}
    return {
      data: { values: [{}] },
      mark: {
        ...{ type: 'text', align: 'left', baseline: 'middle', dx: 8 },
        ...{ fontSize: 12, fontWeight: 500, aria: false, color: colour, text: name },
      },
      encoding: { x: { value: 'width' }, y: { value: top } },
    }
  })
}

/** Room to the right of the plot for the longest of these names, in pixels. */
export function labelRoom(names: readonly string[]): number {
  return 16 + 6.7 * Math.max(0, ...names.map((name) => name.length))
}

/** Positions in ascending order, at least one line apart, the last no lower than `height`. */
function apart(tops: readonly number[], height: number): number[] {
  const placed: number[] = []
  for (const top of tops) {
    placed.push(Math.max(top, (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + lineHeight))
  }
  let lowest = height
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.min(placed[i] ?? 0, lowest)
    lowest = (placed[i] ?? 0) - lineHeight
  }
  return placed
}
