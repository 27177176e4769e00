import { quantity, rounded } from '../../src/kit/units.ts'
import type { Measurement, ProcessCost, ResultDocument } from '../../src/result/document.ts'
import { type Chart, chartWidth, type Layer } from './chart.ts'
import { type Role, roleColours, roles } from './role-colours.ts'
import { arms, markNotes, median, type ShownArm } from './shown-arms.ts'

/** Marks that can be pointed at, a process of an arm: more would not be told apart. */
const mostMarks = 30

/** What one role of an arm used at one time of the window: the middle of the trials. */
interface Moment {
  readonly name: string
  readonly role: Role
  /** Seconds since the window opened. */
  readonly at: number
  readonly value: number
}

/** One quantity of a process over time: how it is read, and how it is said. */
interface Quantity {
  readonly name: string
  readonly title: string
  readonly caption: string
  readonly axis: string
  /** Where it was at which time, in one trial whose readings lie `step` seconds apart. */
  read(course: Course, step: number): Place[]
  said(value: number): string
  /** In the unit of the axis. */
  shown(value: number): number
}

type Course = NonNullable<ProcessCost['timeline']>

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
  said: (value) => `${rounded(value)} CPUs`,
  shown: (value) => value,
}

const memory: Quantity = {
  name: 'memory-over-time',
  title: 'Memory over time, by process',
  caption: 'Resident memory of each process at each reading',
  axis: 'MiB',
  read: ({ at, rssBytes }, step) =>
    at.map((time, i) => ({ at: time, value: rssBytes[i] ?? 0, step: Math.round(time / step) })),
  said: (value) => quantity(value, 'bytes'),
  shown: (value) => value / 2 ** 20,
}

/** CPU and memory of each process through the window: what grew, what came in bursts. */
export function processCourses(document: ResultDocument): Chart[] {
  const shown = arms(document)
  return [cpu, memory].flatMap((what) => {
    const moments = shown.flatMap((arm) => roles.flatMap((role) => momentsOf(arm, role, what)))
    return moments.length === 0 ? [] : [chart(what, shown, moments)]
  })
}

function chart(what: Quantity, shown: readonly ShownArm[], moments: readonly Moment[]): Chart {
  const names = shown
    .map(({ name }) => name)
    .filter((name) => moments.some((one) => one.name === name))
  const series = [...Map.groupBy(moments, ({ name, role }) => `${name} ${role}`).values()]
  return {
    name: what.name,
    title: what.title,
    caption: `${what.caption}: the middle of the trials. The window opens at 0.${markNotes(shown)}`,
    figures: {
      head: ['arm', 'process', `first (${what.axis})`, 'least', 'most', 'last'],
      rows: series.map((own) => row(own, what)),
    },
    spec: {
      data: { values: series.flatMap((own) => data(own, what)) },
      facet: {
        row: {
          field: 'name',
          type: 'nominal',
          sort: names,
          header: { orient: 'top', labelAnchor: 'start', labelPadding: 2 },
        },
      },
      spacing: 14,
      spec: { width: chartWidth - 44, height: 56, layer: layers(what) },
    },
  }
}

function layers({ axis }: Quantity): Layer[] {
  const encoding = {
    x: {
      field: 'at',
      type: 'quantitative',
      title: 'seconds from the opening of the window',
      scale: { nice: false, zero: true },
      axis: { grid: false },
    },
    y: {
      field: 'value',
      type: 'quantitative',
      title: axis,
      scale: { zero: true },
      axis: { tickCount: 3 },
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

function data(own: readonly Moment[], what: Quantity) {
  const every = Math.ceil(own.length / mostMarks)
  return own.map(({ name, role, at, value }, i) => {
    const text = `${name}, ${role}, ${at.toFixed(1)} s: ${what.said(value)}`
    return { name, role, at, value: what.shown(value), ...(i % every === 0 && { text }) }
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

/** Readings of the trials lie close together, never at one time: they meet in steps. */
function momentsOf({ name, trials }: ShownArm, role: Role, { read }: Quantity): Moment[] {
  const courses = trials.flatMap((trial) => courseOf(trial, role) ?? [])
  const step = median(courses.flatMap(({ at }) => at.slice(1).map((end, i) => end - (at[i] ?? 0))))
  if (step === 0) return []
  // Where two of a trial fall into one step, the later counts.
  const places = courses.flatMap((timeline) => [
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

function courseOf({ processes }: Measurement, role: Role): Course | undefined {
  return processes.find((one) => one.role === role)?.timeline
}
