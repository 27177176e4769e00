import type { TopLevelSpec } from 'vega-lite'

/** The section of a page that a chart belongs to. */
export type Topic = 'result' | 'changes' | 'faults' | 'latency' | 'cost' | 'balance' | 'trust'

/** A chart before it is drawn: its specification, its finding, its caption, and its figures as text. */
export interface Chart {
  /** Unique in a result, and fit for a file name: `latency-open-loop`. */
  readonly name: string
  readonly title: string
  readonly topic: Topic
  /** What it shows, with its figures, in a sentence. */
  readonly finding: string
  /** How to read it, in sentences. */
  readonly caption: string
  /** Its drawing so many pixels wide, in Vega-Lite's grammar, without its theme. */
  spec(width: number): TopLevelSpec
  /** Marks that the pointer finds together: those above one another, or those beside one another. */
  readonly pointer: 'columns' | 'rows'
  /** Nothing in it moves: a page leaves it out. */
  readonly isFlat?: boolean
  /** The figures behind the marks, as an accessible table. */
  readonly figures: Figures
}

/** One layer of a picture that has several. */
export type Layer = Layered['layer'][number]

/** Encoding of a layer. */
export type Encoding = NonNullable<Extract<Layer, { mark: unknown }>['encoding']>

type Layered = Extract<TopLevelSpec, { layer: unknown }>

/** Figures as cells: the first column names the row. */
interface Figures {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Widths of the drawings of a chart, in pixels from its left edge to its right one, axes and labels included: for a phone,
 * for a column of a page, and for a whole page. Each has letters of 12 px.
 */
export const chartWidths = { narrow: 300, column: 480, page: 1040 } as const

/** The width of a chart in a file of its own, in pixels. */
export const chartWidth = chartWidths.column

/** Whether a drawing has no room beside its marks. */
export function isNarrow(width: number): boolean {
  return width < 400
}

/** Values for the ticks of a log axis from `low` to `high`: 1, 2 and 5 of each decade, or more where it is short. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low))
  const decades = Math.ceil(Math.log10(high)) - first + 1
  const ticks = (digits: readonly number[]) =>
    Array.from({ length: decades }, (_, i) => first + i)
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => value >= low && value <= high)
  const few = ticks([1, 2, 5])
  return few.length >= 4 ? few : ticks([1, 1.5, 2, 3, 4, 5, 7])
}

/** A name for a file: words of a-z and digits, joined by hyphens. */
export function fileName(...words: readonly string[]): string {
  return words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
