import { grouped, quantity } from '../../../src/kit/units.ts'
import type { Comparison, ResultDocument } from '../../../src/result/document.ts'
import { type MetricName, metrics } from '../../../src/result/metrics.ts'
import { xml } from '../../layout/xml.ts'
import { baseName, comparisonsWithBase, signed } from '../../sections/comparisons.ts'
import { bySize, type Estimate } from '../../sections/estimates.ts'
import { type Row, rowsOf } from '../../sections/rows.ts'

/** A figure that can be read from afar: its name, its value with its unit, and a line below it. */
interface Tile {
  readonly name: string
  readonly value: string
  readonly note: string
  readonly outcome?: Comparison['outcome']
}

/** The three figures of a result that are looked for first. */
export function tiles(document: ResultDocument): string {
  const all = tilesOf(document).slice(0, 3)
  return all.length === 0 ? '' : `<div class="tiles">\n${all.map(tile).join('\n')}\n</div>`
}

function tilesOf(document: ResultDocument): Tile[] {
  if (baseName(document) !== undefined) return changeTiles(comparisonsWithBase(document))
  if (document.plan.faults !== undefined) return faultTiles(document)
  const [capacity, latency] = [ranked(document, 'capacity'), ranked(document, 'latency')]
  const slow = latency.length > 0 ? latency : capacity
  const when = latency.length > 0 ? '' : ' at saturation'
  return [
    ...bestOf(capacity, 'throughput', 'Highest throughput'),
    ...bestOf(slow, 'latencyP99', `Lowest p99${when}`),
    ...bestOf(capacity.length > 0 ? capacity : latency, 'cpuPerRequest', 'Lowest CPU per request'),
  ]
}

function ranked(document: ResultDocument, phase: Row['finding']['phase']): Row[] {
  return rowsOf(document, phase).filter(
    ({ finding, arm }) => finding.validity === 'valid' && arm.algorithm !== 'none',
  )
}

function bestOf(rows: readonly Row[], metric: MetricName, name: string): Tile[] {
  const found = bySize(rows, metric)
  const [best, worst] = metrics[metric].better === 'more' ? found : found.toReversed()
  const last = metrics[metric].better === 'more' ? found.at(-1) : found[0]
  if (best === undefined) return []
  const others =
    worst === undefined || last === undefined ? '' : `; ${nameOf(last)} ${figure(last, metric)}`
  return [{ name, value: figure(best, metric), note: `${nameOf(best)}${others}` }]
}

function nameOf({ row }: Estimate): string {
  return row.arm.name
}

function figure({ row, summary }: Estimate, metric: MetricName): string {
  const bound = metric === 'throughput' && row.finding.isLowerBound ? '≥ ' : ''
  return `${bound}${quantity(summary.center, metrics[metric].unit)}`
}

const byImportance: readonly Comparison['outcome'][] = [
  ...(['worse', 'better', 'same', 'inconclusive', 'too few trials'] as const),
]

function changeTiles(rows: readonly Comparison[]): Tile[] {
  const several = new Set(rows.map(({ arm }) => arm)).size > 1
  return rows
    .toSorted((a, b) => byImportance.indexOf(a.outcome) - byImportance.indexOf(b.outcome))
    .map(({ arm, metric, ratio, outcome }) => ({
      name: `${metrics[metric].label}${several ? `, ${arm}` : ''}`,
      value: signed(ratio.center),
      note: `${outcome}: ${signed(ratio.low)} … ${signed(ratio.high)}`,
      outcome,
    }))
}

function faultTiles(document: ResultDocument): Tile[] {
  return rowsOf(document, 'latency').flatMap(({ arm, finding }) => {
    const { faults } = finding
    if (faults === undefined || finding.validity === 'invalid') return []
    const failed = faults.reduce((sum, one) => sum + (one.failed.median ?? 0), 0)
    const judged = faults.filter(({ detect }) => detect !== undefined)
    const detected = judged.filter(({ detect }) => detect?.median !== undefined).length
    return [
      {
        name: `Failed requests, ${arm.name}`,
        value: grouped(failed),
        note: `reacted to ${detected} of ${judged.length} faults`,
      },
    ]
  })
}

function tile({ name, value, note, outcome }: Tile): string {
  const [, number = value, unit = ''] = /^(.*\S) (\S+)$/.exec(value) ?? []
  const kind = outcome === 'better' || outcome === 'worse' ? ` ${outcome}` : ''
  const small = unit === '' ? '' : ` <small>${xml(unit)}</small>`
  return `<div class="tile${kind}"><span>${xml(name)}</span><b>${xml(number)}${small}</b><span>${xml(note)}</span></div>`
}
