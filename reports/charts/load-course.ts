import { grouped, quantity, rounded } from '../../src/kit/units.ts'
import type { LoadResult } from '../../src/result/schemas/load.ts'
import type { Chart } from './chart.ts'
import { slowOfLoad } from './slow-timeline.ts'

type Bin = LoadResult['course'][number]

/** Marks of a chart that carry their figures: more would overlap, and make the file large. */
const mostMarks = 60

/** The course of a load test: planned and real rate, percentiles, and failures over time. */
export function loadCharts(result: LoadResult): Chart[] {
  const { course } = result
  if (course.length === 0) return []
  const failures = course.some(({ failed, checksFailed }) => failed > 0 || checksFailed > 0)
  return [
    rates(result),
    percentiles(result),
    ...slowOfLoad(result.slow, result.seconds),
    ...(failures ? [failed(result)] : []),
  ].filter((chart) => chart !== undefined)
}

interface Point {
  readonly at: number
  readonly series: string
  readonly value: number
  readonly text?: string
}

interface SeriesOptions {
  readonly result: LoadResult
  readonly series: readonly { readonly name: string; readonly of: (bin: Bin) => number | null }[]
  readonly write: (value: number) => string
}

/** Every point of the series; every nth has its figures as a label. */
function points({ result: { course }, series, write }: SeriesOptions): Point[] {
  const every = Math.ceil(course.length / mostMarks)
  return series.flatMap(({ name, of }) =>
    course.flatMap((bin, i) => {
      const value = of(bin)
      if (value === null) return []
      const at = (bin.atMs - bin.ms / 2) / 1e3
      const text = `${name}, ${at.toFixed(1)} s: ${write(value)}`
      return [{ at, series: name, value, ...(i % every === 0 && { text }) }]
    }),
  )
}

function spec(
  options: SeriesOptions,
  axis: { readonly title: string; readonly log?: boolean },
): Chart['spec'] {
  const values = points(options)
  const names = options.series.map(({ name }) => name)
  const x = {
    field: 'at',
    type: 'quantitative',
    title: 'seconds from the begin of the load',
    axis: { grid: false },
  } as const
  const y = {
    field: 'value',
    type: 'quantitative',
    title: axis.title,
    scale: axis.log ? { type: 'log' } : { zero: true },
    axis: { format: '~s', tickCount: 4 },
  } as const
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: names,
    scale: { domain: names, range: colours.slice(0, names.length) },
    legend: { orient: 'top' },
  } as const
  return (width) => ({
    data: { values },
    width: width - 60,
    height: 200,
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.6, aria: false },
        encoding: { x, y: y as never, color: color as never },
      },
      {
        transform: [{ filter: 'isValid(datum.text)' }],
        mark: { type: 'point', filled: true, size: 22 },
        encoding: {
          ...{ x, y: y as never, color: color as never },
          description: { field: 'text' },
        },
      },
    ],
  })
}

/** Told apart in greyscale and by colour-blind readers (Okabe and Ito 2008). */
const colours = ['#999999', '#0072b2', '#d55e00']

function rates(result: LoadResult): Chart {
  const closed = result.stages.every(({ model }) => model === 'closed')
  const unit = closed ? 'users' : 'visits/s'
  const write = (value: number) => `${rounded(value)} ${unit}`
  const options: SeriesOptions = {
    result,
    series: [
      { name: 'planned', of: ({ planned }) => planned },
      { name: 'sent', of: ({ sent }) => sent },
    ],
    write,
  }
  const off = result.stages.filter(({ valid }) => !valid).map(({ name }) => name)
  return {
    name: 'load-rate',
    title: 'Planned and real load',
    topic: 'result',
    finding:
      off.length === 0
        ? 'Every stage was sent as planned.'
        : `Not sent as planned: ${off.join(', ')}.`,
    caption:
      'Grey: the plan. Random arrivals scatter around it; each stage has as many visits in all as planned.',
    pointer: 'columns',
    figures: {
      head: ['stage', 'planned', 'sent'],
      rows: result.stages.map(({ name, planned, sent, model }) => {
        const what = model === 'open' ? 'visits' : 'user-seconds'
        return [name, `${grouped(Math.round(planned))} ${what}`, grouped(Math.round(sent))]
      }),
    },
    spec: spec(options, { title: unit }),
  }
}

function percentiles(result: LoadResult): Chart | undefined {
  const timed = result.course.filter(({ p50 }) => p50 !== null && p50 > 0)
  if (timed.length === 0) return undefined
  const write = (value: number) => quantity(value, 's')
  const highest = timed.toSorted((a, b) => (b.p99 ?? 0) - (a.p99 ?? 0))[0] as Bin
  const positive = (value: number | null) => (value === null || value <= 0 ? null : value)
  return {
    name: 'load-latency',
    title: 'Response times over time',
    topic: 'latency',
    finding: `The highest p99 is ${write(highest.p99 ?? 0)}, ${(highest.atMs / 1e3).toFixed(1)} s after the begin.`,
    caption:
      'From when each request was due to its complete response, on a log axis; requests that failed are not in it.',
    pointer: 'columns',
    figures: {
      head: ['from the begin', 'p50', 'p95', 'p99'],
      rows: timed
        .filter((_, i) => i % Math.ceil(timed.length / mostMarks) === 0)
        .map(({ atMs, p50, p95, p99 }) => [
          `${(atMs / 1e3).toFixed(1)} s`,
          ...[p50, p95, p99].map((value) => write(value ?? 0)),
        ]),
    },
    spec: spec(
      {
        result,
        series: [
          { name: 'p50', of: ({ p50 }) => positive(p50) },
          { name: 'p95', of: ({ p95 }) => positive(p95) },
          { name: 'p99', of: ({ p99 }) => positive(p99) },
        ],
        write,
      },
      { title: 'seconds', log: true },
    ),
  }
}

function failed(result: LoadResult): Chart {
  const per = (count: number, { ms }: Bin) => (count * 1e3) / ms
  const sum = result.course.reduce((total, bin) => total + bin.failed, 0)
  return {
    name: 'load-failures',
    title: 'Failures over time',
    topic: 'faults',
    finding: `${grouped(sum)} requests failed or were never sent.`,
    caption: 'Failed requests, and failed checks, per second.',
    pointer: 'columns',
    figures: {
      head: ['from the begin', 'failed requests', 'failed checks'],
      rows: result.course
        .filter((bin) => bin.failed + bin.checksFailed > 0)
        .slice(0, mostMarks)
        .map((bin) => [
          `${(bin.atMs / 1e3).toFixed(1)} s`,
          String(bin.failed),
          String(bin.checksFailed),
        ]),
    },
    spec: spec(
      {
        result,
        series: [
          { name: 'failed requests', of: (bin) => per(bin.failed, bin) },
          { name: 'failed checks', of: (bin) => per(bin.checksFailed, bin) },
        ],
        write: (value) => `${rounded(value)}/s`,
      },
      { title: 'per second' },
    ),
  }
}
