import { quantity, type Scale, scaled, scaleFor } from '../../src/kit/units.ts'
import type { ResultDocument, Summary } from '../../src/result/document.ts'
import { failedRequests } from '../../src/result/failed-requests.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { mayPrint, percentileWithFailures } from '../../src/stats/estimates/percentiles.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import { heading } from '../sections/footnotes.ts'
import type { Phase } from '../sections/rows.ts'
import { bestAndWorst } from './best-and-worst.ts'
import { type Chart, type Encoding, isNarrow, logTicks } from './chart.ts'
import { endLabels } from './end-labels.ts'
import { armColours, armDashes, markNotes, type ShownArm, shownArms } from './shown-arms.ts'

/** Height of the plot in pixels. */
const height = 240

/** An arm with the latency, in seconds, that a share of its requests did not exceed. */
interface Line extends ShownArm {
  readonly points: readonly Point[]
}

interface Point {
  /** One request in so many is slower: 100 at p99. */
  readonly oneIn: number
  readonly seconds: number
}

/** Percentiles that have a mark and a column. */
const named = [50, 90, 99, 99.9, 99.99, 99.999]

/** Percentiles that have an estimate over the trials. */
const stored: Readonly<Record<number, MetricName>> = {
  50: 'latencyP50',
  90: 'latencyP90',
  99: 'latencyP99',
  99.9: 'latencyP999',
}

/** Latency of each arm by percentile, as far as the sample allows; the named ones are those of the tables. */
export function latencyPercentiles(document: ResultDocument): Chart[] {
  return (['capacity', 'latency'] as const).flatMap((phase) => {
    const lines = shownArms(document, phase)
      .map((arm) => ({ ...arm, points: pointsOf(arm) }))
      .filter(({ points }) => points.length > 1)
    return lines.length === 0 ? [] : [chart(document, phase, lines)]
  })
}

function chart(document: ResultDocument, phase: Phase, lines: readonly Line[]): Chart {
  const scale = scaleFor(
    's',
    lines.flatMap(({ points }) => points.map(({ seconds }) => seconds)),
  )
  const closed = phase === 'capacity'
  return {
    name: closed ? 'latency-at-saturation' : 'latency-open-loop',
    title: `Latency by percentile, ${closed ? 'at capacity' : 'latency phase'}`,
    topic: 'latency',
    finding: bestAndWorst(document, lines, 'latencyP99', 'p99'),
    caption: `${heading(document, phase)}. Further right: slower requests; failed requests count as slower than all others. A line ends where fewer than 10 requests remain.${markNotes(lines)}`,
    pointer: 'columns',
    figures: {
      head: ['arm', ...named.map((one) => `p${one} (${scale.unit})`)],
      rows: lines.map(({ name, points }) => [
        name,
        ...named.map((one) => {
          const point = points.find(({ oneIn }) => oneIn === oneInOf(one))
          return point ? scaled(point.seconds, scale) : '–'
        }),
      ]),
    },
    spec: (width) => {
      const shared = encoding(lines, scale, width)
      const values = lines.flatMap((line) => data(line, scale))
      return {
        ...{ width, height },
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: [
          {
            data: { values },
            mark: { type: 'line', strokeWidth: 2, interpolate: 'monotone', aria: false },
            encoding: shared,
          },
          {
            data: { values },
            transform: [{ filter: 'isValid(datum.text)' }],
            mark: { type: 'point', filled: true, size: 45 },
            encoding: { ...shared, description: { field: 'text' }, opacity: { value: 1 } },
          },
          ...(isNarrow(width) ? [] : endLabels(ends(lines), height)),
        ],
      }
    },
  }
}

/** Where the lines end on the log axis. */
function ends(lines: readonly Line[]) {
  const all = lines.flatMap(({ points }) => points.map(({ seconds }) => Math.log(seconds)))
  const [low, high] = [Math.min(...all), Math.max(...all)]
  return lines.map(({ name, colour, points }) => ({
    ...{ name, colour },
    top: (height * (high - Math.log(points.at(-1)?.seconds ?? 1))) / (high - low || 1),
  }))
}

function encoding(lines: readonly Line[], { unit, divisor }: Scale, width: number): Encoding {
  const latencies = lines.flatMap(({ points }) => points.map(({ seconds }) => seconds / divisor))
  const limits = [Math.min(...latencies), Math.max(...latencies)] as const
  const legend = isNarrow(width) ? phoneLegend : null
  const rarest = Math.max(...lines.flatMap(({ points }) => points.map(({ oneIn }) => oneIn)))
  return {
    x: {
      field: 'oneIn',
      type: 'quantitative',
      title: 'percentile',
      scale: { type: 'log', domain: [1, rarest], nice: false },
      axis: {
        values: [2, 10, 100, 1e3, 1e4, 1e5, 1e6],
        labelExpr: "'p' + format(100 - 100 / datum.value, '.6~g')",
        labelOverlap: false,
      },
    },
    y: {
      field: 'latency',
      type: 'quantitative',
      title: `latency, ${unit}`,
      scale: { type: 'log', nice: false, domain: [...limits] },
      axis: { values: logTicks(...limits), format: '~g' },
    },
    color: { field: 'name', type: 'nominal', scale: armColours(lines), legend },
    strokeDash: { field: 'name', type: 'nominal', scale: armDashes(lines), legend },
  }
}

/** On a narrow drawing names stand above it, one per line. */
const phoneLegend = {
  ...{ symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 2.5, columns: 1 },
} as const

function data({ name, row, points }: Line, { divisor }: Scale) {
  const { metrics } = row.finding
  return points.map(({ oneIn, seconds }) => {
    const at = named.find((one) => oneInOf(one) === oneIn)
    const metric = stored[at ?? 0]
    const text = `${name}: p${at} ${quantity(seconds, 's')}${metric ? reach(metrics[metric]) : ''}`
    return { name, oneIn, latency: seconds / divisor, ...(at !== undefined && { text }) }
  })
}

/** The interval of an estimate. */
function reach(summary: Summary | undefined): string {
  if (summary === undefined || summary.n < 2) return ''
  return `, ${quantity(summary.low, 's')} to ${quantity(summary.high, 's')}`
}

/** Percentiles of a typical trial where every trial has enough requests, otherwise of all requests, as in the tables. */
function pointsOf({ row, trials }: ShownArm): Point[] {
  const answered = decode(row.finding.latency)
  const own = trials.map(({ latency, window }) => ({
    times: decode(latency),
    failed: failedRequests(window),
  }))
  const typical = (at: number): number | undefined => {
    if (own.length < 3 || !own.every((one) => mayPrint(at, one.times.count + one.failed))) return
    const logs = own.map((one) => Math.log(percentileWithFailures(one.times, at, one.failed)))
    return Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length)
  }
  const estimated = (at: number): number | undefined => {
    const summary = row.finding.metrics[stored[at] ?? 'throughput']
    return stored[at] === undefined ? undefined : summary?.center
  }
  const failed = trials.reduce((sum, { window }) => sum + failedRequests(window), 0)
  const steps = Array.from({ length: 12 * 6 + 1 }, (_, i) => 10 ** (i / 12))
  const rarities = [...steps, ...named.map(oneInOf)]
  return [...new Set(rarities)]
    .toSorted((a, b) => a - b)
    .map((oneIn) => ({ oneIn, percent: 100 - 100 / oneIn }))
    .filter(({ percent: at }) => mayPrint(at, answered.count + failed))
    .map(({ oneIn, percent: at }) => ({
      oneIn,
      seconds: (typical(at) ?? percentileWithFailures(answered, at, failed)) / 1e6,
      stored: estimated(Number(at.toPrecision(12))),
    }))
    .filter(({ seconds }) => Number.isFinite(seconds) && seconds > 0)
    .map(({ oneIn, seconds, stored: found }) => ({ oneIn, seconds: found ?? seconds }))
}

function oneInOf(at: number): number {
  return Math.round(100 / (100 - at))
}
