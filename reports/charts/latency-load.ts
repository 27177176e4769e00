import { quantity, scaled, scaleFor } from '../../src/kit/units.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import { failedRequests } from '../../src/result/failed-requests.ts'
import { mayPrint, percentileWithFailures } from '../../src/stats/estimates/percentiles.ts'
import { merge } from '../../src/stats/histogram/histogram.ts'
import { type Chart, type Encoding, isNarrow, logTicks } from './chart.ts'
import { endLabels } from './end-labels.ts'
import { armColours, armDashes, markNotes, type ShownArm, shownArms } from './shown-arms.ts'

/** Height of the plot in pixels. */
const height = 240

/** Latency of an arm, in seconds, at one rate of arrivals. */
interface Point {
  readonly name: string
  readonly rate: number
  readonly p50: number
  readonly p99: number
}

/** Latency against load, of the arms that met several rates. */
export function latencyLoad(document: ResultDocument): Chart[] {
  const shown = shownArms(document, 'latency')
    .map((arm) => ({ ...arm, points: pointsOf(arm) }))
    .filter(({ points }) => points.length > 1)
  const points = shown.flatMap((arm) => arm.points)
  if (points.length === 0) return []
  const scale = scaleFor(
    's',
    points.flatMap(({ p50, p99 }) => [p50, p99]),
  )
  const all = points.flatMap(({ p50, p99 }) => [p50 / scale.divisor, p99 / scale.divisor])
  const limits = [Math.min(...all), Math.max(...all)] as const
  const top = (seconds: number) =>
    (height * Math.log(limits[1] / (seconds / scale.divisor))) /
    Math.log(limits[1] / limits[0] || 2)
  const ends = shown.map(({ name, colour, points: own }) => ({
    ...{ name, colour },
    top: top(own.at(-1)?.p99 ?? 1),
  }))
  return [
    {
      name: 'latency-against-load',
      title: 'Latency against load',
      topic: 'latency',
      finding: `p99 at the highest rate: ${shown.map(({ name, points: own }) => `${name}, ${quantity(own.at(-1)?.p99 ?? 0, 's')}`).join('; ')}.`,
      pointer: 'columns',
      caption: `Open loop, latency from each request's scheduled time, at each arrival rate: upper lines and full dots p99, lower lines and hollow dots p50.${markNotes(shown)}`,
      figures: {
        head: ['arm', 'req/s', `p50 (${scale.unit})`, `p99 (${scale.unit})`],
        rows: points.map(({ name, rate, p50, p99 }) => [
          ...[name, quantity(rate, 'req/s'), scaled(p50, scale), scaled(p99, scale)],
        ]),
      },
      spec: (width) => {
        const legend = isNarrow(width) ? { columns: 1 } : null
        const values = points.flatMap((point) => data(point, scale.divisor))
        const shared: Encoding = {
          x: {
            field: 'rate',
            type: 'quantitative',
            title: 'arrivals per second',
            axis: { format: ',d', tickCount: 6 },
          },
          y: {
            field: 'latency',
            type: 'quantitative',
            title: `latency, ${scale.unit}`,
            scale: { type: 'log', nice: false, domain: [...limits] },
            axis: { values: logTicks(...limits), format: '~g' },
          },
          color: { field: 'name', type: 'nominal', scale: armColours(shown), legend },
          detail: { field: 'percentile' },
        }
        return {
          width,
          height,
          autosize: { type: 'fit-x', contains: 'padding' },
          layer: [
            {
              data: { values },
              mark: { type: 'line', aria: false },
              encoding: {
                ...shared,
                strokeDash: { field: 'name', type: 'nominal', scale: armDashes(shown), legend },
              },
            },
            {
              data: { values },
              mark: { type: 'point', size: 50, strokeWidth: 2, opacity: 1 },
              encoding: {
                ...shared,
                fill: { field: 'name', type: 'nominal', scale: armColours(shown), legend: null },
                fillOpacity: { field: 'filling', type: 'quantitative', scale: null },
                description: { field: 'text' },
              },
            },
            ...(isNarrow(width) ? [] : endLabels(ends, height)),
          ],
        }
      },
    },
  ]
}

function data({ name, rate, p50, p99 }: Point, divisor: number) {
  return Object.entries({ p50, p99 }).map(([percentile, seconds]) => ({
    ...{
      name,
      rate,
      percentile,
      latency: seconds / divisor,
      filling: percentile === 'p99' ? 1 : 0,
    },
    text: `${name} at ${quantity(rate, 'req/s')}: ${percentile} ${quantity(seconds, 's')}`,
  }))
}

function pointsOf({ name, trials }: ShownArm): Point[] {
  return [...Map.groupBy(trials, ({ rate }) => rate)]
    .flatMap(([rate, own]) => (rate === undefined ? [] : (pointOf(name, rate, own) ?? [])))
    .toSorted((a, b) => a.rate - b.rate)
}

/** Undefined where there are too few requests for a p99, or it lies among the failed ones. */
function pointOf(name: string, rate: number, trials: readonly Measurement[]): Point | undefined {
  const answered = merge(trials.map(({ latency }) => latency))
  const failed = trials.reduce((sum, { window }) => sum + failedRequests(window), 0)
  const [p50 = 0, p99 = 0] = [50, 99].map(
    (percent) => percentileWithFailures(answered, percent, failed) / 1e6,
  )
  const known = mayPrint(99, answered.count + failed) && Number.isFinite(p99) && p50 > 0
  return known ? { name, rate, p50, p99 } : undefined
}
