import { grouped, rounded } from '../../src/kit/units.ts'
import type { FaultTimeline, ResultDocument } from '../../src/result/document.ts'
import { armTrials } from './arm-trials.ts'
import { letter } from './faults.ts'
import { median } from './median.ts'

/** The window of an arm with its faults: one line per quantity, drawn with blocks of eight heights. */
export interface Timeline {
  readonly name: string
  readonly lines: readonly string[]
}

/** Maximum cells of a line, and the possible lengths of a cell in seconds. */
const mostCells = 50
const cellLengths = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/**
 * One for each arm that was measured under faults, and a sentence on its lines. `brief`: without the requests that
 * succeeded, without failed ones where there are none, and of the backends those that have faults.
 */
export function timelines(
  document: ResultDocument,
  { brief = false }: { readonly brief?: boolean } = {},
): { timelines: Timeline[]; notes: string[] } {
  const { faults = [], duration } = document.plan
  const cell = cellLengths.find((one) => duration / one <= mostCells + 1e-6) ?? duration
  const found = armTrials(document, 'latency').flatMap(({ name, trials }) => {
    const windows = trials.flatMap(({ faultTimeline }) => faultTimeline ?? [])
    return windows.length === 0 ? [] : [{ name, lines: linesOf(windows, faults, { cell, brief }) }]
  })
  const many = document.plan.blocks > 1 ? ' Medians of the trials; of failures the maximum.' : ''
  return {
    timelines: found,
    notes: [
      brief
        ? `A cell is ${cell} s. Bars start at 0, to the number behind the line; p99: log scale, × without response.${many}`
        : `Each cell is ${cell} s of the window; letters mark the faults. Bars start at 0 and end at the number behind the line; p99 is on a log scale, × where requests had no response.${many}`,
    ],
  }
}

type Faults = NonNullable<ResultDocument['plan']['faults']>

function linesOf(
  windows: readonly FaultTimeline[],
  faults: Faults,
  { cell, brief }: { readonly cell: number; readonly brief: boolean },
): string[] {
  const [first] = windows as readonly [FaultTimeline]
  const perCell = Math.max(1, Math.round(cell / first.binSeconds))
  const seconds = perCell * first.binSeconds
  const places = Array.from({ length: Math.ceil(first.ok.length / perCell) }, (_, i) => i)
  const rate = (counts: readonly number[], i: number) => {
    const part = counts.slice(i * perCell, (i + 1) * perCell)
    return part.reduce((sum, count) => sum + count, 0) / (part.length * first.binSeconds)
  }
  const share = ({ received }: FaultTimeline, backend: number, i: number) => {
    const all = received.reduce((sum, counts) => sum + rate(counts, i), 0)
    return all === 0 ? 0 : rate(received[backend] ?? [], i) / all
  }
  const medians = (of: (window: FaultTimeline, i: number) => number) =>
    places.map((i) => median(windows.map((window) => of(window, i))))
  const ok = medians((window, i) => rate(window.ok, i))
  const failed = places.map((i) => Math.max(...windows.map((window) => rate(window.failed, i))))
  const p99 = medians((window, i) => p99At(window, i * perCell))
  const shares = first.received.map((_, backend) =>
    medians((window, i) => share(window, backend, i)),
  )
  const most = Math.max(...shares.flat())
  return [
    line(
      '',
      marks(
        faults,
        places.map((i) => i * seconds),
        seconds,
      ),
    ),
    ...(brief ? [] : [line('succeeded', bars(ok), `${grouped(Math.max(...ok))}/s`)]),
    ...(brief && Math.max(...failed) === 0
      ? []
      : [line('failed', bars(failed), `${grouped(Math.max(...failed))}/s`)]),
    line('p99', logBars(p99), p99Range(p99)),
    ...shares.flatMap((own, i) =>
      brief && !faults.some(({ backend }) => backend === i + 1)
        ? []
        : [line(`backend ${i + 1}`, bars(own, most), `${rounded(100 * most)} %`)],
    ),
  ]
}

function p99At({ p99, binsPerP99 }: FaultTimeline, bin: number): number {
  return p99[Math.floor(bin / binsPerP99)] ?? Number.POSITIVE_INFINITY
}

function line(name: string, drawn: string, most = ''): string {
  return `${name.padEnd(10)} ${drawn} ${most}`.trimEnd()
}

/** The letter of the fault that is active in each cell; the last one's where there are several. */
function marks(faults: Faults, begins: readonly number[], seconds: number): string {
  return begins
    .map((begin) => {
      const found = faults.findLastIndex(
        ({ at, until = Number.POSITIVE_INFINITY }) =>
          at < begin + seconds - 1e-6 &&
          (until > begin + 1e-6 || (until === at && at >= begin - 1e-6)),
      )
      return found === -1 ? '·' : letter(found)
    })
    .join('')
}

/** 0 is a blank, so that it differs from small values. */
function bars(values: readonly number[], most = Math.max(...values)): string {
  return values.map((value) => (value <= 0 ? ' ' : height(value / most))).join('')
}

function logBars(values: readonly number[]): string {
  const finite = values.filter((value) => Number.isFinite(value) && value > 0)
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const span = Math.log(high / low) || 1
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '×'
      return value <= 0 ? ' ' : height(Math.log(value / low) / span)
    })
    .join('')
}

function height(share: number): string {
  return heights[Math.min(heights.length - 1, Math.floor(share * heights.length))] ?? ''
}

function p99Range(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return ''
  return `${rounded(1e3 * Math.min(...finite))} to ${rounded(1e3 * Math.max(...finite))} ms`
}
