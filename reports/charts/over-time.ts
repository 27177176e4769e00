import { grouped } from '../../src/kit/units.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import { ink } from '../layout/palette.ts'
import { median } from '../sections/median.ts'
import type { Phase } from '../sections/rows.ts'
import type { Chart, Layer } from './chart.ts'
import { armColours, markNotes, type ShownArm, shownArms } from './shown-arms.ts'
import { timePlot } from './time-plot.ts'

/** Seconds of a bin. */
const bin = 0.1

/** Maximum labelled marks per arm: more would overlap, and make the file large. */
const mostMarks = 40

/** A tenth of a second of an arm, over its trials. */
interface Moment {
  /** Seconds from the opening of the window to the middle of the bin. */
  readonly at: number
  /** Requests per second: the middle of the trials, and how far they reach. */
  readonly rate: number
  readonly low: number
  readonly high: number
  readonly trials: number
}

/** Responses per second through each trial, warm-up included. */
export function overTime(document: ResultDocument): Chart[] {
  return (['capacity', 'latency'] as const).flatMap((phase) => {
    const arms = shownArms(document, phase)
      .map((arm) => ({ ...arm, moments: momentsOf(arm.trials) }))
      .filter(({ moments }) => moments.length > 0)
    return arms.length === 0 ? [] : [chart(phase, arms, document.plan.duration)]
  })
}

type ArmTimeline = ShownArm & { readonly moments: readonly Moment[] }

function chart(phase: Phase, arms: readonly ArmTimeline[], duration: number): Chart {
  const closed = phase === 'capacity'
  return {
    name: closed ? 'throughput-over-time' : 'answers-over-time-open-loop',
    title: `Throughput over time, ${closed ? 'at capacity' : 'latency phase'}`,
    topic: 'trust',
    finding: steadiness(arms, duration),
    pointer: 'columns',
    caption: `Responses in each 0.1 s: median of the trials, and their range. Shaded: the measured window, after the warm-up.${markNotes(arms)}`,
    figures: {
      head: ['arm', 'before the window (req/s)', 'in it, lowest', 'middle', 'highest'],
      rows: arms.map(({ name, moments }) => {
        const inside = moments.filter(({ at }) => at > 0 && at < duration)
        const before = moments.filter(({ at }) => at < 0)
        return [
          name,
          before.length === 0 ? '–' : grouped(median(before.map(({ rate }) => rate))),
          ...[
            Math.min(...inside.map(({ low }) => low)),
            median(inside.map(({ rate }) => rate)),
            Math.max(...inside.map(({ high }) => high)),
          ].map((rate) => (inside.length === 0 ? '–' : grouped(rate))),
        ]
      }),
    },
    spec: (width) => ({
      data: { values: arms.flatMap((arm) => data(arm)) },
      facet: {
        row: {
          field: 'name',
          type: 'nominal',
          sort: arms.map(({ name }) => name),
          header: { orient: 'top', labelAnchor: 'start', labelPadding: 2 },
        },
      },
      spacing: 14,
      spec: {
        width: timePlot(width).width,
        height: 56,
        layer: layers(arms, { duration, labels: timePlot(width).labels }),
      },
    }),
  }
}

/** The arm whose throughput varied most in the window, in a sentence. */
function steadiness(arms: readonly ArmTimeline[], duration: number): string {
  const [first] = arms
    .flatMap(({ name, moments }) => {
      const rates = moments
        .filter(({ at }) => at > 0 && at < duration)
        .map(({ rate }) => rate)
        .toSorted((a, b) => a - b)
      const edge = (share: number) => rates[Math.floor((rates.length - 1) * share)] ?? 0
      const middle = edge(0.5)
      if (middle === 0) return []
      return [{ name, low: edge(0.1), high: edge(0.9), share: (edge(0.9) - edge(0.1)) / middle }]
    })
    .toSorted((a, b) => b.share - a.share)
  return first === undefined
    ? ''
    : `Least steady: ${first.name}, ${grouped(first.low)} to ${grouped(first.high)} req/s in 80 % of the window.`
}

function layers(
  arms: readonly ArmTimeline[],
  { duration, labels }: { readonly duration: number; readonly labels: number },
): Layer[] {
  const up = upTo(labels)
  const color = { field: 'name', type: 'nominal', scale: armColours(arms), legend: null } as const
  return [
    {
      data: { values: [{ from: 0, to: duration }] },
      mark: { type: 'rect', color: ink.shade.light, aria: false },
      encoding: { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
    },
    {
      mark: { type: 'area', opacity: 0.25, aria: false },
      encoding: { ...across, y: { ...up, field: 'low' }, y2: { field: 'high' }, color },
    },
    {
      mark: { type: 'line', strokeWidth: 1.8, aria: false },
      encoding: { ...across, y: { ...up, field: 'rate' }, color },
    },
    {
      transform: [{ filter: 'isValid(datum.text)' }],
      mark: { type: 'point', filled: true, size: 22 },
      encoding: {
        ...{ ...across, y: { ...up, field: 'rate' }, color },
        description: { field: 'text' },
        opacity: { value: 1 },
      },
    },
  ]
}

const across = {
  x: {
    field: 'at',
    type: 'quantitative',
    title: 'seconds from the opening of the window',
    scale: { nice: false },
    axis: { grid: false },
  },
} as const

function upTo(labels: number) {
  return {
    type: 'quantitative',
    title: 'req/s',
    scale: { zero: true },
    axis: { tickCount: 3, format: '~s', minExtent: labels },
  } as const
}

function data({ name, moments }: ArmTimeline) {
  const every = Math.ceil(moments.length / mostMarks)
  return moments.map((moment, i) => {
    const { at, rate, low, high, trials } = moment
    const reach = trials > 1 ? `, ${grouped(low)} to ${grouped(high)} in ${trials} trials` : ''
    const text = `${name}, ${at.toFixed(2)} s: ${grouped(rate)} req/s${reach}`
    return { name, at, rate, low, high, ...(i % every === 0 && { text }) }
  })
}

/** Trials warm up for different times, so their bins are laid over one another by the window. */
function momentsOf(trials: readonly Measurement[]): Moment[] {
  const all = trials.flatMap(({ bins, warmupSeconds, windowSeconds }) => {
    // What follows the window is incomplete.
    const complete = bins.slice(0, Math.floor((warmupSeconds + windowSeconds) / bin + 1e-6))
    const first = -Math.round(warmupSeconds / bin)
    return complete.map((answers, i) => ({ place: first + i, rate: answers / bin }))
  })
  return [...Map.groupBy(all, ({ place }) => place)]
    .toSorted(([a], [b]) => a - b)
    .map(([place, found]) => {
      const rates = found.map(({ rate }) => rate)
      return {
        at: (place + 0.5) * bin,
        rate: median(rates),
        low: Math.min(...rates),
        high: Math.max(...rates),
        trials: rates.length,
      }
    })
}
