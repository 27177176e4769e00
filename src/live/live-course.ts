import { decode, histogram } from '../stats/histogram/histogram.ts'
import type { LivePoint } from './live-message.ts'

/** The course of a run as columns of equal length; null where there is no value. Rates per second, times in seconds. */
export interface LiveColumns {
  /** Middles of the cells, in seconds since the run began. */
  readonly at: readonly number[]
  readonly planned: readonly (number | null)[]
  readonly sent: readonly (number | null)[]
  readonly done: readonly (number | null)[]
  readonly failed: readonly (number | null)[]
  readonly p50: readonly (number | null)[]
  readonly p95: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
}

/** The course of a run, in a bounded number of cells of equal length. */
interface LiveCourse {
  add(point: LivePoint): void
  /** The cells from `from` on. */
  columns(from: number): LiveColumns
  /** The first cell that changed since the last call; undefined where none did. */
  changedFrom(): number | undefined
}

/** Requests of one cell. */
interface Cell {
  /** Seconds of it that points cover: a cell at the edge of a trial is not covered whole. */
  seconds: number
  planned: number | undefined
  sent: number | undefined
  done: number
  failed: number
  /** Encoded histograms: one once the cell is complete. */
  latency: string[]
  /** In seconds; computed when they are read. */
  percentiles: Percentiles | undefined
}

type Percentiles = readonly (number | null)[]

const shown = [50, 95, 99] as const
const unknown: Percentiles = shown.map(() => null)

/**
 * An empty course with cells of so many seconds. Beyond `maxCells`, every two cells become one of twice the length, so that
 * a run of any length takes the same memory, and percentiles stay those of merged histograms.
 */
export function liveCourse(cellSeconds: number, maxCells: number): LiveCourse {
  let seconds = cellSeconds
  let cells: (Cell | undefined)[] = []
  let changed: number | undefined

  const double = (): void => {
    seconds *= 2
    cells = Array.from({ length: Math.ceil(cells.length / 2) }, (_, i) =>
      together(cells[2 * i], cells[2 * i + 1]),
    )
    changed = 0
  }

  return {
    add(point) {
      while (point.at >= seconds * maxCells) double()
      // A point that comes late is counted in the newest cell: those before it are complete.
      const index = Math.max(Math.floor(point.at / seconds), cells.length - 1, 0)
      const before = cells.at(-1)
      if (index >= cells.length && before !== undefined) complete(before)
      while (cells.length <= index) cells.push(undefined)
      cells[index] = together(cells[index], cellOf(point))
      changed = Math.min(changed ?? index, index)
    },
    columns(from) {
      const own = cells.slice(from)
      const rate = (value: (cell: Cell) => number | undefined) =>
        own.map((cell) => {
          const count = cell && value(cell)
          return count === undefined || cell === undefined ? null : count / cell.seconds
        })
      const times = own.map((cell) => (cell === undefined ? unknown : percentilesOf(cell)))
      const time = (i: number) => times.map((all) => all[i] ?? null)
      return {
        at: own.map((_, i) => (from + i + 0.5) * seconds),
        planned: rate((cell) => cell.planned),
        sent: rate((cell) => cell.sent),
        done: rate((cell) => cell.done),
        failed: rate((cell) => cell.failed),
        ...{ p50: time(0), p95: time(1), p99: time(2) },
      }
    },
    changedFrom() {
      const from = changed
      changed = undefined
      return from
    },
  }
}

function cellOf({ seconds, planned, sent, done, failed, latency }: LivePoint): Cell {
  const histograms = latency ? [latency] : []
  return { seconds, planned, sent, done, failed, latency: histograms, percentiles: undefined }
}

function together(a: Cell | undefined, b: Cell | undefined): Cell | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return {
    seconds: a.seconds + b.seconds,
    planned: sum(a.planned, b.planned),
    sent: sum(a.sent, b.sent),
    done: a.done + b.done,
    failed: a.failed + b.failed,
    latency: [...a.latency, ...b.latency],
    percentiles: undefined,
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b
}

/** Merges the histograms of a cell, which then takes as little memory as one of them. */
function complete(cell: Cell): void {
  if (cell.latency.length < 2) return
  cell.latency = [merged(cell.latency).encode()]
}

function percentilesOf(cell: Cell): Percentiles {
  cell.percentiles ??= cell.latency.length === 0 ? unknown : readPercentiles(cell.latency)
  return cell.percentiles
}

function readPercentiles(latency: readonly string[]): Percentiles {
  const all = merged(latency)
  return all.count === 0 ? unknown : shown.map((percent) => all.percentile(percent) / 1e6)
}

function merged(latency: readonly string[]) {
  const all = histogram()
  for (const one of latency) all.add(decode(one))
  return all
}
