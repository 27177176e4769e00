import { grouped, percent, quantity } from '../../src/kit/units.ts'
import type { FaultTimeline, ResultDocument } from '../../src/result/document.ts'
import { ink, series } from '../layout/palette.ts'
import { faultWords, letter } from '../sections/faults.ts'
import { median } from '../sections/median.ts'
import { type Chart, fileName, isNarrow, type Layer } from './chart.ts'
import { endLabels, labelRoom } from './end-labels.ts'
import { colourAt, markNotes, type ShownArm, shownArms } from './shown-arms.ts'
import { timePlot } from './time-plot.ts'

/** Maximum points of a line: more would overlap. */
const mostMoments = 50

/** One value of one line of a panel. */
interface Point {
  readonly name: string
  /** Seconds from the opening of the window to the middle of the bin. */
  readonly at: number
  readonly value: number
  readonly text: string
  /** Lines join points of one piece only: a gap begins another. */
  readonly piece: number
}

/** The window of each arm under faults: completed and failed requests, p99, and the share of each backend. */
export function faultTimelines(document: ResultDocument): Chart[] {
  if (document.plan.faults === undefined) return []
  return shownArms(document, 'latency').flatMap((arm) => {
    const windows = arm.trials.flatMap(({ faultTimeline }) => faultTimeline ?? [])
    return windows.length === 0 ? [] : [chart(document, arm, windows)]
  })
}

function chart({ plan }: ResultDocument, arm: ShownArm, windows: readonly FaultTimeline[]): Chart {
  const { faults = [], duration } = plan
  const bands = faults.map((fault, i) => ({
    from: fault.at,
    to: Math.max(fault.until ?? duration, fault.at + duration / 200),
    letter: letter(i),
  }))
  const points = pointsOf(windows)
  const faultNames = faults.map((fault, i) => `${letter(i)} ${faultWords(fault)}`).join('; ')
  const many = windows.length > 1 ? ` Medians of ${windows.length} trials.` : ''
  return {
    name: fileName('faults', arm.name),
    title: `Faults: ${arm.name}`,
    topic: 'faults',
    finding: consequences(arm),
    pointer: 'columns',
    caption: `Completed and failed requests, the p99 of each second, and the share of requests of each backend. The p99 has gaps where it lies among requests without a response.${many} Shaded: ${faultNames}.${markNotes([arm])}`,
    figures: {
      head: ['quantity', 'before the faults', 'lowest', 'highest'],
      rows: [...points.ended, ...points.p99, ...points.shares]
        .map(({ name }) => name)
        .filter((name, i, all) => all.indexOf(name) === i)
        .map((name) => figuresOf(name, points, faults[0]?.at ?? 0)),
    },
    spec: (width) => {
      const look = { bands, duration, width, room: roomOf(points, width) }
      return {
        vconcat: [
          panel('req/s', points.ended, { ...look, colours: [series[2], series[6]] }),
          panel('p99, ms', points.p99, { ...look, colours: [series[0]] }),
          panel('share, %', points.shares, look),
        ],
        spacing: 10,
        resolve: { scale: { color: 'independent' } },
      }
    },
  }
}

/** Requests that failed, and the faults that the target reacted to, in a sentence. */
function consequences({ row }: ShownArm): string {
  const found = row.finding.faults ?? []
  const failed = found.reduce((sum, one) => sum + (one.failed.median ?? 0), 0)
  const letters = (all: (one: (typeof found)[number]) => boolean) =>
    found.flatMap((one, i) => (one.detect !== undefined && all(one) ? [letter(i)] : [])).join(', ')
  const seen = letters(({ detect }) => detect?.median !== undefined)
  const missed = letters(({ detect }) => detect?.median === undefined)
  return [
    `${grouped(failed)} failed requests`,
    ...(seen === '' ? [] : [`took the backend out after ${seen}`]),
    ...(missed === '' ? [] : [`did not react to ${missed}`]),
  ]
    .join('; ')
    .concat('.')
}

/** Pixels beside the panels for the names of the lines. */
function roomOf(points: Points, width: number): number {
  const names = new Set([...points.ended, ...points.shares].map(({ name }) => name))
  return isNarrow(width) ? 12 : labelRoom([...names])
}

type Points = ReturnType<typeof pointsOf>

function pointsOf(windows: readonly FaultTimeline[]) {
  const [first] = windows as readonly [FaultTimeline]
  const per = Math.ceil(first.ok.length / mostMoments)
  const places = Array.from({ length: Math.floor(first.ok.length / per) }, (_, i) => i)
  const total = (counts: readonly number[], i: number) =>
    counts.slice(i * per, (i + 1) * per).reduce((sum, count) => sum + count, 0)
  const share = ({ received }: FaultTimeline, backend: number, i: number) =>
    total(received[backend] ?? [], i) /
    Math.max(
      1,
      received.reduce((sum, one) => sum + total(one, i), 0),
    )
  const line = (
    name: string,
    of: (window: FaultTimeline, i: number) => number,
    words: (value: number) => string,
  ) =>
    places.map((i): Point => {
      const at = (i + 0.5) * per * first.binSeconds
      const value = median(windows.map((window) => of(window, i)))
      return { name, at, value, text: `${name}, ${at.toFixed(1)} s: ${words(value)}`, piece: 0 }
    })
  const seconds = per * first.binSeconds
  const rate = (value: number) => `${grouped(value)} req/s`
  return {
    ended: [
      ...line('succeeded', ({ ok }, i) => total(ok, i) / seconds, rate),
      ...line('failed', ({ failed }, i) => total(failed, i) / seconds, rate),
    ],
    p99: p99Points(windows),
    shares: first.received.flatMap((_, backend) =>
      line(
        `backend ${backend + 1}`,
        (window, i) => 100 * share(window, backend, i),
        (value) => percent(value / 100),
      ),
    ),
  }
}

/** One for each p99 that there is in the middle of the trials. */
function p99Points(windows: readonly FaultTimeline[]): Point[] {
  const [{ p99, binsPerP99, binSeconds }] = windows as readonly [FaultTimeline]
  let piece = 0
  return p99.flatMap((_, i) => {
    const value = median(windows.map((window) => window.p99[i] ?? Number.POSITIVE_INFINITY))
    const at = (i + 0.5) * binsPerP99 * binSeconds
    const text = `p99, ${at.toFixed(1)} s: ${quantity(value, 's')}`
    if (Number.isFinite(value)) return [{ name: 'p99', at, value: value * 1e3, text, piece }]
    piece += 1
    return []
  })
}

function figuresOf(name: string, points: Points, first: number): string[] {
  const own = [...points.ended, ...points.p99, ...points.shares].filter((one) => one.name === name)
  const values = own.map(({ value }) => value)
  const before = own.filter(({ at }) => at < first).map(({ value }) => value)
  const unit = name === 'p99' ? ' ms' : name.startsWith('backend') ? ' %' : ' req/s'
  const written = (value: number) => `${Number(value.toPrecision(3))}${unit}`
  return [name, ...[median(before), Math.min(...values), Math.max(...values)].map(written)]
}

interface Look {
  readonly width: number
  /** Pixels to the right of the panel. */
  readonly room: number
  readonly bands: readonly { readonly from: number; readonly to: number; readonly letter: string }[]
  readonly duration: number
  readonly colours?: readonly ((typeof series)[number] | undefined)[]
}

/** Height of a panel in pixels. */
const panelHeight = 62

function panel(title: string, points: readonly Point[], look: Look) {
  const { bands, duration, colours, width, room } = look
  const plot = timePlot(width)
  const names = [...new Set(points.map(({ name }) => name))]
  const range = names.map((_, i) => colours?.[i]?.light ?? colourAt(i))
  const high = 1.08 * Math.max(...points.map(({ value }) => value), 1e-9)
  const isNamed = !isNarrow(width) && names.length > 1 && names.length <= 5
  const x = {
    field: 'at',
    type: 'quantitative',
    title: title.startsWith('share') ? 'seconds from the opening of the window' : null,
    scale: { domainMin: 0, domainMax: duration, nice: false },
    axis: { grid: false, labels: title.startsWith('share') },
  } as const
  const color = {
    field: 'name',
    type: 'nominal',
    scale: { domain: names, range },
    legend: names.length > 1 && !isNamed ? { orient: 'top', title: null } : null,
  } as const
  const y = {
    field: 'value',
    type: 'quantitative',
    title,
    scale: { domain: [0, high] as number[], nice: false },
    axis: { tickCount: 3, format: '~s', minExtent: plot.labels },
  } as const
  const ends = names.map((name, i) => {
    const last = points.findLast((point) => point.name === name)?.value ?? 0
    return { name, colour: range[i] as string, top: panelHeight * (1 - last / high) }
  })
  const layer: Layer[] = [
    {
      data: { values: [...bands] },
      mark: { type: 'rect', color: ink.shade.light, aria: false },
      encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
    },
    {
      data: { values: [...bands] },
      mark: {
        type: 'text',
        baseline: 'bottom',
        align: 'left',
        dx: 2,
        color: ink.faint.light,
        aria: false,
      },
      encoding: { x: { ...x, field: 'from' }, y: { value: -1 }, text: { field: 'letter' } },
    },
    {
      mark: { type: 'line', strokeWidth: 1.6, aria: false },
      encoding: { x, y, color, detail: { field: 'piece' } },
    },
    {
      mark: { type: 'point', filled: true, size: 12, opacity: 1 },
      encoding: { x, y, color, description: { field: 'text' } },
    },
    ...(isNamed ? endLabels(ends, panelHeight) : []),
  ]
  return {
    width: plot.width - room,
    height: panelHeight,
    data: { values: [...points] },
    layer,
  } as const
}
