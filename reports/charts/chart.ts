import type { TopLevelSpec } from 'vega-lite'

/** A chart before it is drawn: its specification, its caption, and its figures as text. */
export interface Chart {
  /** Unique in a result, and fit for a file name: `latency-open-loop`. */
  readonly name: string
  readonly title: string
  /** How to read it, in sentences. */
  readonly caption: string
  /** In Vega-Lite's grammar, without its theme. */
  readonly spec: TopLevelSpec
  /** The figures behind the marks, as an accessible table. */
  readonly figures: Figures
}

/** One layer of a picture that has several. */
export type Layer = Layered['layer'][number]

/** Shared encoding of the layers of a picture. */
export type Encoding = NonNullable<Layered['encoding']>

type Layered = Extract<TopLevelSpec, { layer: unknown }>

/** Figures as cells: the first column names the row. */
interface Figures {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Pixels from the left edge of a chart to its right one, legend and axes included. */
export const chartWidth = 480

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
