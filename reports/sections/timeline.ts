import { grouped, rounded } from '../../src/kit/units.ts'
import type { FaultTimeline, ResultDocument } from '../../src/result/document.ts'
import { median, shownArms } from '../charts/shown-arms.ts'
import { letter } from './faults.ts'

/** The course of an arm's window with its faults, a line a quantity, drawn with blocks of eight heights. */
export interface Timeline {
  readonly name: string
  readonly lines: readonly string[]
}

/** Cells that a line has at most, and how many seconds one may stand for. */
const mostCells = 50
const cellLengths = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** One for each arm that was watched under faults, and what its lines are, in a sentence. */
export function timelines(document: ResultDocument): { timelines: Timeline[]; notes: string[] } {
  const { faults = [], duration } = document.plan
  const cell = cellLengths.find((one) => duration / one <= mostCells + 1e-6) ?? duration
  const found = shownArms(document, 'latency').flatMap(({ name, trials }) => {
    const courses = trials.flatMap(({ faultTimeline }) => faultTimeline ?? [])
    return courses.length === 0 ? [] : [{ name, lines: linesOf(courses, faults, cell) }]
  })
  const many = document.plan.blocks > 1 ? ' The middle of the trials; of failures the most.' : ''
  return {
    timelines: found,
    notes: [
      `Each cell is ${cell} s of the window; letters mark the faults while they last. Heights go from 0 to the number behind a line; those of p99 by its logarithm, × where requests had no answer.${many}`,
    ],
  }
}

type Faults = NonNullable<ResultDocument['plan']['faults']>

function linesOf(courses: readonly FaultTimeline[], faults: Faults, cell: number): string[] {
  const [first] = courses as readonly [FaultTimeline]
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
  const middle = (of: (course: FaultTimeline, i: number) => number) =>
    places.map((i) => median(courses.map((course) => of(course, i))))
  const ok = middle((course, i) => rate(course.ok, i))
  const failed = places.map((i) => Math.max(...courses.map((course) => rate(course.failed, i))))
  const p99 = middle((course, i) => p99At(course, i * perCell))
  const shares = first.received.map((_, backend) =>
    middle((course, i) => share(course, backend, i)),
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
    line('answered', bars(ok), `${grouped(Math.max(...ok))}/s`),
    line('failed', bars(failed), `${grouped(Math.max(...failed))}/s`),
    line('p99', logBars(p99), p99Range(p99)),
    ...shares.map((own, i) =>
      line(`backend ${i + 1}`, bars(own, most), `${rounded(100 * most)} %`),
    ),
  ]
}

function p99At({ p99, binsPerP99 }: FaultTimeline, bin: number): number {
  return p99[Math.floor(bin / binsPerP99)] ?? Number.POSITIVE_INFINITY
}

function line(name: string, drawn: string, most = ''): string {
  return `${name.padEnd(10)} ${drawn} ${most}`.trimEnd()
}

/** The letter of the fault that lasts in each cell; the last one's where there are several. */
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

/** Nothing is a blank, so that a little can be told from it. */
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
