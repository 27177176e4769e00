import { quantity } from '../../../src/kit/units.ts'
import type { Comparison, ResultDocument } from '../../../src/result/document.ts'
import { type MetricName, metrics } from '../../../src/result/metrics.ts'
import { columns } from '../columns.ts'
import { baseName, comparisonsWithBase, intervalWords, signed, valuesOf } from '../comparisons.ts'
import { rankedArms } from './arm-figures.ts'

/** A table of at most three rows, for a reader who reads no more. */
export interface ShortTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const mostRows = 3

/** The metrics that a comparison is told by, where there were more than three. */
const told: readonly MetricName[] = ['throughput', 'cpuPerRequest', 'latencyP99']

/** The comparisons that decide, or the best arms; undefined where there is neither. */
export function shortTable(document: ResultDocument): ShortTable | undefined {
  const table = baseName(document) === undefined ? best(document) : compared(document)
  return table.rows.length === 0 ? undefined : table
}

/** The best arms with their figures. */
function best(document: ResultDocument): ShortTable {
  const { arms, metric } = rankedArms(document)
  const shown = arms.filter(({ isControl, validity }) => !isControl && validity === 'valid')
  const [main] = columns(
    [metric],
    shown.map((arm) => arm.main),
  )
  const costs = columns(
    ['cpuPerRequest'],
    shown.map((arm) => arm.main),
  )
  const latencies = columns(
    (['latencyP50', 'latencyP99'] as const).filter((one) => one !== metric),
    shown.map(({ latency }) => latency),
  )
  if (main === undefined) return { head: [], rows: [] }
  const heading = ({ heading: name, unit }: (typeof latencies)[number]) =>
    unit === '' ? name : `${name} (${unit})`
  return {
    head: ['arm', heading(main), ...[...latencies, ...costs].map(heading)],
    rows: shown
      .slice(0, mostRows)
      .map(({ name, main: row, latency }) => [
        name,
        `${main.cell(row)} ${main.spread(row)}`.trim(),
        ...latencies.map((column) =>
          latency.finding.validity === 'invalid' ? '–' : column.cell(latency),
        ),
        ...costs.map((column) => column.cell(row)),
      ]),
  }
}

const weight: Readonly<Record<Comparison['outcome'], number>> = {
  worse: 0,
  inconclusive: 1,
  'too few trials': 2,
  better: 3,
  same: 4,
}

/** The weightiest comparison of each of three metrics. */
function compared(document: ResultDocument): ShortTable {
  const all = comparisonsWithBase(document)
  const rows = told
    .flatMap((metric) => {
      const own = all.filter((one) => one.metric === metric)
      return own.toSorted((a, b) => weight[a.outcome] - weight[b.outcome])[0] ?? []
    })
    .slice(0, mostRows)
  const others = all.toSorted((a, b) => weight[a.outcome] - weight[b.outcome])
  return {
    head: ['metric', 'base', 'now', 'change', 'interval', 'outcome'],
    rows: (rows.length > 0 ? rows : others.slice(0, mostRows)).map((one) => {
      const { unit, label } = metrics[one.metric]
      const { base, now } = valuesOf(document, one)
      const shown = (value: number | undefined) =>
        value === undefined ? '–' : quantity(value, unit)
      return [
        `${label} of ${one.arm}`,
        ...[shown(base), shown(now), signed(one.ratio.center)],
        ...[intervalWords(one.ratio), one.outcome],
      ]
    }),
  }
}
