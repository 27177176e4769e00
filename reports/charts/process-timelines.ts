import { quantity, rounded } from '../../src/kit/units.ts'
import type { Measurement, ProcessCost, ResultDocument } from '../../src/result/document.ts'
import { median } from '../sections/median.ts'
import type { Chart, Layer } from './chart.ts'
import { type Role, roleColours, roles } from './role-colours.ts'
import { arms, markNotes, type ShownArm } from './shown-arms.ts'
import { timePlot } from './time-plot.ts'

/** Maximum labelled marks per process of an arm: more would overlap. */
const mostMarks = 30

/** The use of one role of an arm at one time of the window: medians of its trials. */
interface Moment {
  readonly name: string
  readonly role: Role
  /** Seconds since the window opened. */
  readonly at: number
  readonly value: number
}

/** One quantity of a process over time, with its labels and units. */
interface Quantity {
  readonly name: string
  readonly title: string
  readonly caption: string
  readonly axis: string
  /** Its values over time in one trial, with readings `step` seconds apart. */
  read(timeline: UsageTimeline, step: number): Place[]
  written(value: number): string
  /** In the unit of the axis. */
  shown(value: number): number
}

type UsageTimeline = NonNullable<ProcessCost['timeline']>

interface Place {
  readonly at: number
  readonly value: number
  /** The step of the window that it belongs to, in every trial. */
  readonly step: number
}

const cpu: Quantity = {
  name: 'cpu-over-time',
  title: 'CPU over time, by process',
  caption: 'CPUs that each process used between two readings',
  axis: 'CPUs',
  read: ({ at, cpuSeconds }, step) =>
    at.slice(1).flatMap((end, i) => {
      const [start = 0, before = 0, now = 0] = [at[i], cpuSeconds[i], cpuSeconds[i + 1]]
      const middle = (start + end) / 2
      // The last reading may follow at once, and so little time says nothing.
      if (end - start < step / 4) return []
      const value = Math.max(0, now - before) / (end - start)
      return [{ at: middle, value, step: Math.floor(middle / step) }]
    }),
  written: (value) => `${rounded(value)} CPUs`,
  shown: (value) => value,
}

const memory: Quantity = {
  name: 'memory-over-time',
  title: 'Memory over time, by process',
  caption: 'Resident memory of each process at each reading',
  axis: 'MiB',
  read: ({ at, rssBytes }, step) =>
    at.map((time, i) => ({ at: time, value: rssBytes[i] ?? 0, step: Math.round(time / step) })),
  written: (value) => quantity(value, 'bytes'),
  shown: (value) => value / 2 ** 20,
}

/** CPU and memory of each process through the window. */
export function processTimelines(document: ResultDocument): Chart[] {
  const shown = arms(document)
  return [cpu, memory].flatMap((quantity) => {
    const moments = shown.flatMap((arm) => roles.flatMap((role) => momentsOf(arm, role, quantity)))
    // The last reading may follow the end of the window.
    const end = Math.max(document.plan.duration, ...moments.map(({ at }) => at))
    const found = { shown, moments, end }
    return moments.length === 0 ? [] : [chart(quantity, found)]
  })
}

interface Found {
  readonly shown: readonly ShownArm[]
  readonly moments: readonly Moment[]
  /** Seconds from the opening of the window to the right edge. */
  readonly end: number
}

function chart(quantity: Quantity, { shown, moments, end }: Found): Chart {
  const names = shown
    .map(({ name }) => name)
    .filter((name) => moments.some((one) => one.name === name))
  const series = [...Map.groupBy(moments, ({ name, role }) => `${name} ${role}`).values()]
  return {
    name: quantity.name,
    title: quantity.title,
    topic: 'trust',
    ...movement(series, quantity),
    pointer: 'columns',
    caption: `${quantity.caption}; medians of the trials. The window opens at 0.${markNotes(shown)}`,
    figures: {
      head: ['arm', 'process', `first (${quantity.axis})`, 'minimum', 'maximum', 'last'],
      rows: series.map((own) => row(own, quantity)),
    },
    spec: (width) => ({
      data: { values: series.flatMap((own) => data(own, quantity)) },
      facet: {
        row: {
          field: 'name',
          type: 'nominal',
          sort: names,
          header: { orient: 'top', labelAnchor: 'start', labelPadding: 2 },
        },
      },
      spacing: 14,
      spec: {
        width: timePlot(width).width,
        height: 56,
        layer: layers(quantity, { end, labels: timePlot(width).labels }),
      },
    }),
  }
}

/** From so large a change on a process is said to move. */
const moving = 1.1

/** The process whose use changed most, in a sentence, and whether none changed. */
function movement(series: readonly (readonly Moment[])[], quantity: Quantity) {
  const [first] = series
    .map((own) => {
      const values = own.map(({ value }) => value)
      const [low, high] = [Math.min(...values), Math.max(...values)]
      return { own, low, high, factor: low > 0 ? high / low : Number.POSITIVE_INFINITY }
    })
    .filter(({ high }) => high > 0)
    .toSorted((a, b) => b.factor - a.factor)
  const isFlat = (first?.factor ?? 1) < moving
  if (first === undefined || isFlat) {
    return { isFlat, finding: `${quantity.title}: no process changed by 10 %.` }
  }
  const [{ name, role } = { name: '', role: '' }] = first.own
  const range = `${quantity.written(first.low)} to ${quantity.written(first.high)}`
  return { isFlat, finding: `Moved most: ${role} of ${name}, ${range}.` }
}

function layers(
  { axis }: Quantity,
  { end, labels }: { readonly end: number; readonly labels: number },
): Layer[] {
  const encoding = {
    x: {
      field: 'at',
      type: 'quantitative',
      title: 'seconds from the opening of the window',
      scale: { domainMin: 0, domainMax: end, nice: false },
      axis: { grid: false },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: axis,
      scale: { zero: true },
      axis: { tickCount: 3, minExtent: labels },
    },
    color: { field: 'role', type: 'nominal', scale: roleColours, sort: [...roles] },
  } as const
  return [
    { mark: { type: 'line', strokeWidth: 1.8, aria: false }, encoding },
    {
      transform: [{ filter: 'isValid(datum.text)' }],
      mark: { type: 'point', filled: true, size: 22 },
      encoding: { ...encoding, description: { field: 'text' }, opacity: { value: 1 } },
    },
  ]
}

function data(own: readonly Moment[], quantity: Quantity) {
  const every = Math.ceil(own.length / mostMarks)
  return own.map(({ name, role, at, value }, i) => {
    const text = `${name}, ${role}, ${at.toFixed(1)} s: ${quantity.written(value)}`
    return { name, role, at, value: quantity.shown(value), ...(i % every === 0 && { text }) }
  })
}

function row(own: readonly Moment[], { shown }: Quantity): string[] {
  const values = own.map(({ value }) => shown(value))
  const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0]
  return [
    own[0]?.name ?? '',
    own[0]?.role ?? '',
    ...[first, Math.min(...values), Math.max(...values), last].map(rounded),
  ]
}

/** The readings of different trials have slightly different times, so they are binned in steps. */
function momentsOf({ name, trials }: ShownArm, role: Role, { read }: Quantity): Moment[] {
  const timelines = trials.flatMap((trial) => timelineOf(trial, role) ?? [])
  const step = median(
    timelines.flatMap(({ at }) => at.slice(1).map((end, i) => end - (at[i] ?? 0))),
  )
  if (step === 0) return []
  // Where two of a trial fall into one step, the later counts.
  const places = timelines.flatMap((timeline) => [
    ...new Map(read(timeline, step).map((place) => [place.step, place])).values(),
  ])
  return [...Map.groupBy(places, (place) => place.step)]
    .toSorted(([a], [b]) => a - b)
    .map(([, found]) => ({
      ...{ name, role },
      at: median(found.map(({ at }) => at)),
      value: median(found.map(({ value }) => value)),
    }))
}

function timelineOf({ processes }: Measurement, role: Role): UsageTimeline | undefined {
  return processes.find((one) => one.role === role)?.timeline
}
