import { quantity, scaled, scaleFor } from '../../src/kit/units.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import type { Slow, SlowCause } from '../../src/result/schemas/slow.ts'
import { control } from '../layout/palette.ts'
import { causeShares, causeWords, countOf } from '../sections/slow.ts'
import { type Chart, fileName, type Layer } from './chart.ts'
import { colourAt, isControl, markNotes, type ShownArm, shownArms } from './shown-arms.ts'
import { timePlot } from './time-plot.ts'

/** Heights of the plot of the requests, and of the row of a cause, in pixels. */
const [plotHeight, rowHeight] = [120, 11]
/** Pixels of a column of the legend, for the longest words of a cause, and of a label of the time. */
const [legendColumn, tickRoom] = [250, 70]

/** The slowest requests of a window or of a load, to be drawn. */
interface SlowTimeline {
  readonly name: string
  readonly title: string
  readonly slow: Slow
  /** Length of the window, or of the load. */
  readonly seconds: number
  /** What begins it: `the opening of the window`. */
  readonly begin: string
  /** Sentences behind the caption. */
  readonly notes: string
}

/** The slowest requests of each arm with their causes, in the phase that shows latency; of each the trial with the slowest one. */
export function slowTimelines(document: ResultDocument): Chart[] {
  const latency = shownArms(document, 'latency').flatMap((arm) => timelineOf(arm))
  const found =
    latency.length > 0 ? latency : shownArms(document, 'capacity').flatMap((arm) => timelineOf(arm))
  return found.map(slowChart)
}

function timelineOf(arm: ShownArm): SlowTimeline[] {
  if (isControl(arm)) return []
  const longest = ({ slow }: Measurement) => slow?.slowest[0]?.seconds ?? 0
  const trials = arm.trials.filter((one) => longest(one) > 0)
  const [first] = trials.toSorted((a, b) => longest(b) - longest(a))
  if (first?.slow === undefined) return []
  const which = trials.length > 1 ? ` Of ${trials.length} trials the one with the slowest.` : ''
  return [
    {
      name: fileName('slowest', arm.name),
      title: `Slowest requests: ${arm.name}`,
      ...{ slow: first.slow, seconds: first.windowSeconds, begin: 'the opening of the window' },
      notes: `${which}${markNotes([arm])}`,
    },
  ]
}

/** The slowest requests as dots, and below them, in a row for each cause, when it was seen. */
function slowChart(timeline: SlowTimeline): Chart {
  const { name, title, slow, notes } = timeline
  const { slowest, requests } = slow
  const scale = scaleFor(
    's',
    slowest.map((one) => one.seconds),
  )
  const longest = Math.max(0, ...slowest.map((one) => one.seconds))
  return {
    name,
    title,
    topic: 'latency',
    pointer: 'columns',
    finding: `${causeShares(requests)}; the slowest took ${quantity(longest, 's')}.`,
    caption: `Dots: the slowest requests, each at the time when it began. Bands: when their causes were seen, a row for each cause; a wait for a CPU is placed between two readings.${notes}`,
    figures: {
      head: ['began', `took (${scale.unit})`, 'cause'],
      rows: slowest.map((one) => [
        `${one.at.toFixed(3)} s`,
        scaled(one.seconds, scale),
        causeWords[one.cause],
      ]),
    },
    spec(width) {
      const causes = causesOf(slow)
      const plot = timePlot(width)
      return {
        vconcat: [
          {
            width: plot.width,
            height: plotHeight,
            layer: [dots(timeline, causes, { scale, plot })],
          },
          {
            width: plot.width,
            height: rowHeight * causes.length,
            layer: [bands(timeline, causes, Math.floor(width / tickRoom))],
          },
        ],
        spacing: 6,
        resolve: { scale: { color: 'independent' } },
      }
    },
  }
}

/** Columns of causes that fit above the plot. */
function columnsIn({ width }: ReturnType<typeof timePlot>): number {
  return Math.max(1, Math.floor(width / legendColumn))
}

function dots(
  { slow, seconds }: SlowTimeline,
  causes: readonly SlowCause[],
  {
    scale,
    plot,
  }: Readonly<{ scale: ReturnType<typeof scaleFor>; plot: ReturnType<typeof timePlot> }>,
): Layer {
  return {
    data: { values: dotsOf(slow, scale.divisor) },
    mark: { type: 'point', filled: true, size: 34, opacity: 1 },
    encoding: {
      x: { ...across(seconds), title: null, axis: { grid: false, labels: false } },
      y: {
        field: 'value',
        type: 'quantitative',
        title: `latency, ${scale.unit}`,
        scale: { zero: true },
        axis: { tickCount: 4, minExtent: plot.labels },
      },
      color: { ...coloured(causes), legend: { columns: columnsIn(plot) } },
      description: { field: 'text' },
    },
  }
}

function bands(
  { slow, seconds, begin }: SlowTimeline,
  causes: readonly SlowCause[],
  tickCount: number,
): Layer {
  return {
    data: { values: bandsOf(slow, causes) },
    // Most bands are narrower than a pixel.
    mark: { type: 'rect', strokeWidth: 1 },
    encoding: {
      x: { ...across(seconds), title: `seconds from ${begin}`, axis: { grid: false, tickCount } },
      x2: { field: 'until' },
      y: {
        field: 'top',
        type: 'quantitative',
        axis: null,
        scale: { domain: [causes.length, 0], nice: false },
      },
      y2: { field: 'bottom' },
      color: { ...coloured(causes), legend: null },
      stroke: { ...coloured(causes), legend: null },
      description: { field: 'text' },
    },
  }
}

function across(seconds: number) {
  return {
    field: 'at',
    type: 'quantitative',
    scale: { domainMin: 0, domainMax: seconds, nice: false },
  } as const
}

function coloured(causes: readonly SlowCause[]) {
  const domain = causes.map((cause) => causeWords[cause])
  const range = causes.map((cause, i) => (cause === 'unexplained' ? control.light : colourAt(i)))
  return { field: 'cause', type: 'nominal', scale: { domain, range } } as const
}

/** The causes of the requests that are drawn, the most frequent first, `unexplained` last. */
function causesOf({ slowest, requests }: Slow): SlowCause[] {
  const drawn = new Set(slowest.map(({ cause }) => cause))
  const rank = (cause: SlowCause) => (cause === 'unexplained' ? -1 : (requests[cause] ?? 0))
  return [...drawn].toSorted((a, b) => rank(b) - rank(a))
}

function dotsOf({ slowest }: Slow, divisor: number) {
  return slowest.map(({ at, seconds, cause }) => ({
    ...{ at, value: seconds / divisor, cause: causeWords[cause] },
    text: `${at.toFixed(2)} s: ${quantity(seconds, 's')}, ${causeWords[cause]}`,
  }))
}

/** When causes were seen, and when the requests were under way that have a cause without a time of its own, or none. */
function bandsOf({ slowest, seen }: Slow, causes: readonly SlowCause[]) {
  const placed = new Set<SlowCause>(seen.map(({ cause }) => cause))
  const own = slowest
    .filter(({ cause }) => !placed.has(cause))
    .map(({ at, seconds, cause }) => ({ cause, from: at, until: at + seconds }))
  return [...seen, ...own]
    .filter(({ cause }) => causes.includes(cause))
    .map(({ cause, from, until }) => {
      const row = causes.indexOf(cause)
      return {
        ...{ at: Math.max(0, from), until, cause: causeWords[cause] },
        ...{ top: row + 0.15, bottom: row + 0.85 },
        text: `${causeWords[cause]}, ${from.toFixed(2)} to ${until.toFixed(2)} s`,
      }
    })
}

/** The slowest requests of a load test; none where they are not known. */
export function slowOfLoad(slow: Slow | undefined, seconds: number): Chart[] {
  if (slow === undefined || countOf(slow.requests) === 0) return []
  return [
    slowChart({
      ...{ name: 'slowest-requests', title: 'Slowest requests', slow, seconds },
      ...{ begin: 'the begin of the load', notes: '' },
    }),
  ]
}
