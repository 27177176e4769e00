import { grouped, quantity, rounded } from '../../src/kit/units.ts'
import type { ResultDocument, Summary } from '../../src/result/document.ts'
import { ink } from '../layout/palette.ts'
import { spread } from '../sections/columns.ts'
import { type Chart, chartWidth, type Layer } from './chart.ts'
import { armColours, edges, markNotes, type ShownArm, shownArms } from './shown-arms.ts'

/** An arm that has a throughput. */
interface Bar extends ShownArm {
  readonly summary: Summary
}

/** Throughput of each arm in closed loop, with its interval and its trials. */
export function throughput(document: ResultDocument): Chart[] {
  const bars = shownArms(document, 'capacity').flatMap((arm): Bar[] => {
    const summary = arm.row.finding.metrics.throughput
    return summary ? [{ ...arm, summary }] : []
  })
  if (bars.length === 0) return []
  const sure = edges(bars.map(({ summary }) => summary))
  const bound = bars.some(({ row }) => row.finding.isLowerBound)
    ? ' ≥ is a lower bound: something other than the target limited it.'
    : ''
  return [
    {
      name: 'throughput',
      title: 'Throughput',
      caption: `Successful responses per second in closed loop; the line on a bar is the ${sure}, the dots are its trials.${bound}${markNotes(bars)}`,
      figures: {
        head: ['arm', 'req/s', '±', 'from', 'to', 'trials'],
        rows: bars.map(figures),
      },
      spec: {
        width: chartWidth,
        height: 38 * bars.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values: bars.map(datum) },
        encoding: {
          y: { field: 'name', type: 'nominal', sort: bars.map(({ name }) => name), title: null },
        },
        layer: layers(bars),
      },
    },
  ]
}

function layers(bars: readonly Bar[]): Layer[] {
  const scale = armColours(bars)
  const colour = { field: 'name', type: 'nominal', scale, legend: null } as const
  // Room for the figures behind the longest bar.
  const most = 1.25 * Math.max(...bars.map(({ summary }) => summary.high))
  return [
    {
      mark: { type: 'bar', height: 20, strokeWidth: 1.5 },
      encoding: {
        x: {
          field: 'center',
          type: 'quantitative',
          title: 'requests per second',
          scale: { domain: [0, most], nice: false },
          axis: { tickCount: 5, format: ',d' },
        },
        color: colour,
        stroke: colour,
        fillOpacity: { field: 'filling', type: 'quantitative', scale: null },
        description: { field: 'text' },
      },
    },
    {
      mark: { type: 'rule', strokeWidth: 1.5, aria: false, color: ink.text.light },
      encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
    },
    {
      transform: [{ flatten: ['trials'], as: ['trial'] }],
      mark: { type: 'point', filled: true, size: 14, aria: false, color: ink.text.light },
      encoding: { x: { field: 'trial', type: 'quantitative' }, opacity: { value: 1 } },
    },
    {
      mark: {
        type: 'text',
        align: 'left',
        dx: 8,
        aria: false,
        fontSize: 12,
        color: ink.text.light,
      },
      encoding: {
        x: { field: 'high', type: 'quantitative' },
        text: { field: 'label', type: 'nominal' },
      },
    },
  ]
}

function datum({ name, row, summary, trials }: Bar) {
  const { center, low, high, n } = summary
  const least = row.finding.isLowerBound ? '≥ ' : ''
  const reach = n > 1 ? `, ${grouped(low)} to ${grouped(high)}` : ''
  return {
    // An interval of few trials may reach below nothing: no bar does.
    ...{ name, center, low: Math.max(0, low), high },
    trials: trials.map(({ window, windowSeconds }) => window.ok / windowSeconds),
    filling: row.finding.validity === 'valid' ? 0.85 : 0,
    label: `${least}${rounded(center)}`,
    text: `${name}: ${least}${quantity(center, 'req/s')}${reach}`,
  }
}

function figures({ name, row, summary }: Bar): string[] {
  return [
    name,
    `${row.finding.isLowerBound ? '≥' : ''}${grouped(summary.center)}`,
    spread(summary) || '–',
    grouped(summary.low),
    grouped(summary.high),
    `${summary.n}`,
  ]
}
