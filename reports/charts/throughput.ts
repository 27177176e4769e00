import { grouped, quantity, rounded } from '../../src/kit/units.ts'
import type { ResultDocument, Summary } from '../../src/result/document.ts'
import { ink } from '../layout/palette.ts'
import { spread } from '../sections/columns.ts'
import { armAxis } from './arm-axis.ts'
import { bestAndWorst } from './best-and-worst.ts'
import type { Chart, Layer } from './chart.ts'
import { edges, isControl, markNotes, type ShownArm, shownArms } from './shown-arms.ts'

/** An arm that has a throughput. */
interface Estimated extends ShownArm {
  readonly summary: Summary
}

/** Throughput of each arm in closed loop as a forest plot: estimates with intervals and trials, the highest first, the control last. */
export function throughput(document: ResultDocument): Chart[] {
  const all = shownArms(document, 'capacity').flatMap((arm): Estimated[] => {
    const summary = arm.row.finding.metrics.throughput
    return summary ? [{ ...arm, summary }] : []
  })
  if (all.length === 0) return []
  const rows = [
    ...all.filter((one) => !isControl(one)).toSorted(byThroughput),
    ...all.filter(isControl),
  ]
  const sure = edges(rows.map(({ summary }) => summary))
  const bound = rows.some(({ row }) => row.finding.isLowerBound)
    ? ' ≥ is a lower bound: something other than the target limited it.'
    : ''
  return [
    {
      name: 'throughput',
      title: 'Throughput',
      topic: 'result',
      finding: bestAndWorst(document, rows, 'throughput'),
      caption: `Successful responses per second in closed loop. Line: ${sure}; small dots: trials; hollow: not a measurement of that many cores.${bound}${markNotes(rows)}`,
      pointer: 'rows',
      figures: {
        head: ['arm', 'req/s', '±', 'from', 'to', 'trials'],
        rows: rows.map(figures),
      },
      spec: (width) => ({
        width,
        height: rows.length * rowHeight(rows.length),
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: layers(rows, width),
      }),
    },
  ]
}

function byThroughput(a: Estimated, b: Estimated): number {
  return b.summary.center - a.summary.center
}

/** Pixels: rows of few arms have room for the figure above the dot, many arms still fit a screen. */
function rowHeight(count: number): number {
  return Math.min(46, Math.max(26, Math.floor(300 / count)))
}

function layers(rows: readonly Estimated[], width: number): Layer[] {
  const values = rows.map(datum)
  const x = {
    field: 'center',
    type: 'quantitative',
    title: 'requests per second',
    scale: { domain: domainOf(rows), nice: false, zero: false },
    axis: { tickCount: width > 600 ? 8 : 4, format: ',d' },
  } as const
  const y = armAxis(
    rows.map(({ name }) => name),
    width,
  )
  const stroke = { field: 'colour', type: 'nominal', scale: null } as const
  const isRoomy = rowHeight(rows.length) >= 40
  const control = rows.find(isControl)
  return [
    ...(control === undefined
      ? []
      : [
          {
            data: { values: [{ center: control.summary.center }] },
            mark: { type: 'rule', strokeDash: [4, 4], aria: false, color: control.colour },
            encoding: { x },
          } satisfies Layer,
        ]),
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 5, strokeCap: 'round', opacity: 0.35, aria: false },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, stroke },
    },
    {
      data: { values },
      transform: [{ flatten: ['trials'], as: ['trial'] }],
      mark: { type: 'point', filled: true, size: 16, opacity: 0.55, aria: false, yOffset: 10 },
      encoding: { x: { ...x, field: 'trial' }, y, fill: stroke },
    },
    {
      data: { values },
      mark: { type: 'point', shape: 'circle', size: 130, strokeWidth: 2, opacity: 1 },
      encoding: {
        ...{ x, y, stroke, fill: stroke },
        fillOpacity: { field: 'filling', type: 'quantitative', scale: null },
        description: { field: 'text' },
      },
    },
    {
      data: { values },
      mark: {
        ...(isRoomy ? { dy: -15 } : { dx: 11, align: 'left' }),
        ...{ type: 'text', aria: false, fontSize: 13, fontWeight: 600, color: ink.text.light },
      },
      encoding: {
        x: isRoomy ? x : { ...x, field: 'high' },
        y,
        text: { field: 'label', type: 'nominal' },
      },
    },
  ]
}

/** From 0 where the figures are far apart; otherwise only as far as the intervals reach, so that they can be seen. */
function domainOf(rows: readonly Estimated[]): [number, number] {
  const low = Math.min(...rows.map(({ summary }) => Math.max(0, summary.low)))
  const high = Math.max(...rows.map(({ summary }) => summary.high))
  const room = 0.08 * (high - low || high || 1)
  return low < high / 2 ? [0, high + room] : [Math.max(0, low - room), high + room]
}

function datum({ name, row, summary, trials, colour }: Estimated) {
  const { center, low, high, n } = summary
  const least = row.finding.isLowerBound ? '≥ ' : ''
  const reach = n > 1 ? `, ${grouped(low)} to ${grouped(high)}` : ''
  return {
    // An interval of few trials may reach below nothing: no line does.
    ...{ name, colour, center, low: Math.max(0, low), high },
    trials: trials.map(({ window, windowSeconds }) => window.ok / windowSeconds),
    filling: row.finding.validity === 'valid' ? 1 : 0,
    label: `${least}${rounded(center)}`,
    text: `${name}: ${least}${quantity(center, 'req/s')}${reach}`,
  }
}

function figures({ name, row, summary }: Estimated): string[] {
  return [
    name,
    `${row.finding.isLowerBound ? '≥' : ''}${grouped(summary.center)}`,
    spread(summary) || '–',
    grouped(summary.low),
    grouped(summary.high),
    `${summary.n}`,
  ]
}
