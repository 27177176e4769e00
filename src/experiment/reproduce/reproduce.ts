import { UsageError } from '../../kit/errors.ts'
import { facts } from '../../plan/documented/facts.ts'
import type { DocumentedMetric } from '../../plan/documented/figure.ts'
import type { Documented, DocumentedTable } from '../../plan/documented/read-documented.ts'
import type { Plan } from '../../plan/plan.ts'
import { plannedName } from '../../plan/reproduction-plan.ts'
import type { ResultDocument } from '../../result/document.ts'
import type {
  ReproducedRow,
  ReproducedTable,
  Reproduction,
  TableNote,
} from '../../result/reproduction.ts'
import { minMargin } from '../../stats/tests/noise-floor.ts'
import { documentedChecks } from './documented-checks.ts'
import { cpusOf } from './documented-cpu.ts'
import type { DocumentedRow } from './documented-row.ts'
import { judgeOrder } from './judge-order.ts'
import { judgeRow } from './judge-row.ts'

/**
 * Documented tables beside the measurements of their arms. Absolute figures are shown and not judged; ratios within a
 * table are, and in a scaling table the efficiency of each step. Rows beyond the cores of the host are never judged.
 * Pure.
 */
export function reproduce(documented: Documented, result: ResultDocument): Reproduction {
  return {
    title: documented.title,
    ...(documented.host !== undefined && { documentedHost: documented.host }),
    tables: documented.tables.map((table) => tableOf(table, documented, result)),
    remarks: documentedChecks(documented),
  }
}

/**
 * Checks that a stored result holds an arm of the documented tables.
 *
 * @throws {UsageError} it holds none; naming the arms
 */
export function checkArms({ arms, control }: Plan, result: ResultDocument, file: string): void {
  const wanted = arms.map(({ name }) => name).filter((name) => name !== control)
  if (result.plan.arms.some(({ name }) => wanted.includes(name))) return
  throw new UsageError(
    `${file} has no arm of these tables (${wanted.join(', ')})`,
    'give a result that "lb reproduce --output" wrote',
  )
}

function tableOf(
  table: DocumentedTable,
  documented: Documented,
  result: ResultDocument,
): ReproducedTable {
  const { title, metric } = table
  const kind = kindOf(table, documented)
  const unordered = documentedRows(table, documented, result)
  const ordered =
    kind === 'scaling'
      ? unordered.toSorted((a, b) => a.documentedCores - b.documentedCores)
      : unordered
  const margin =
    result.comparisons.find((one) => one.metric === judgedMetricOf(table, documented))?.margin ??
    minMargin
  const rows = ordered.map((one, i): ReproducedRow => {
    const base = ordered[kind === 'scaling' ? i - 1 : 0]
    const row = rowOf(one)
    return base === undefined || base === one
      ? row
      : { ...row, trend: judgeRow({ row: one, base, kind, margin, result }) }
  })
  return {
    ...{ title, metric, kind, rows },
    ...(kind === 'ratios' && rows.length > 1 && { order: judgeOrder(ordered, margin, result) }),
    notes: notesOf(table, documented),
  }
}

/** A table of the throughput of one target and algorithm over cores is a scaling table. */
function kindOf(
  { metric, figures }: DocumentedTable,
  { arms }: Documented,
): ReproducedTable['kind'] {
  const own = figures.flatMap(({ arm }) => arms[arm] ?? [])
  const subjects = new Set(own.map(({ target, algorithm }) => `${target} ${algorithm}`))
  const cores = new Set(own.map(({ documentedCores }) => documentedCores))
  const isScaling = subjects.size === 1 && cores.size === own.length && own.length > 1
  return metric === 'throughput' && isScaling ? 'scaling' : 'ratios'
}

function documentedRows(
  table: DocumentedTable,
  documented: Documented,
  result: ResultDocument,
): DocumentedRow[] {
  const judgedMetric = judgedMetricOf(table, documented)
  return table.figures.flatMap((figure): DocumentedRow[] => {
    const arm = documented.arms[figure.arm]
    if (arm === undefined) return []
    const planned = plannedName(arm)
    const finding = result.findings.find((one) => one.arm === planned && one.phase === 'capacity')
    const divisor = figure.unit === '%' ? figure.divisor * arm.cores : figure.divisor
    return [
      {
        ...{ name: figure.arm, arm: planned, figure, finding, judgedMetric },
        ...{ tableMetric: table.metric, cores: arm.cores, documentedCores: arm.documentedCores },
        divisor,
        documented: judgedFigure(figure, table, documented),
        projection: projectionOf(planned, result),
      },
    ]
  })
}

/**
 * The metric by which a table is judged. In closed loop a balancer uses all the CPU that it has, whatever the
 * algorithm: shares of CPU are judged by the CPU time per request, if the document also has the throughput.
 */
function judgedMetricOf(
  { metric, figures }: DocumentedTable,
  documented: Documented,
): DocumentedMetric {
  const hasRates = figures.every(({ arm }) => throughputOf(arm, documented) !== undefined)
  return metric === 'cpuUsed' && hasRates ? 'cpuPerRequest' : metric
}

function throughputOf(row: string, documented: Documented) {
  return facts(documented).find((one) => one.row === row && one.metric === 'throughput')?.figure
}

/** The documented figure of the judged metric, in its base unit, with half of its last digit. */
function judgedFigure(
  figure: DocumentedTable['figures'][number],
  table: DocumentedTable,
  documented: Documented,
): DocumentedRow['documented'] {
  const arm = documented.arms[figure.arm]
  const rate = throughputOf(figure.arm, documented)
  if (judgedMetricOf(table, documented) !== 'cpuPerRequest' || table.metric !== 'cpuUsed')
    return figure
  if (arm === undefined || rate === undefined) return figure
  const value = cpusOf({ figure, arm }) / rate.value
  return { value, slack: value * (figure.slack / figure.value + rate.slack / rate.value) }
}

function projectionOf(arm: string, { curves }: ResultDocument) {
  return curves.flatMap(({ points }) => points).find((point) => point.arm === arm)?.projection
}

function rowOf(row: DocumentedRow): ReproducedRow {
  const { name, figure, finding, tableMetric, projection, cores, documentedCores, divisor } = row
  const measured = finding?.metrics[tableMetric]
  const validity = finding?.validity ?? 'not measured'
  return {
    name,
    documented: { text: figure.text, value: figure.value },
    ...{ documentedCores, cores, validity, divisor, unit: figure.unit },
    isLowerBound: tableMetric === 'throughput' && (finding?.isLowerBound ?? false),
    ...(measured && { measured }),
    ...(projection &&
      tableMetric === 'throughput' &&
      validity === 'oversubscribed' && { projection }),
  }
}

function notesOf(table: DocumentedTable, documented: Documented): TableNote[] {
  const arms = table.figures.flatMap(({ arm }) => documented.arms[arm] ?? [])
  const moved = arms.filter(({ cores, documentedCores }) => cores !== documentedCores)
  const cores = {
    documented: [...new Set(moved.map(({ documentedCores }) => documentedCores))],
    measured: [...new Set(moved.map((arm) => arm.cores))],
  }
  const isByCpuTime =
    table.metric === 'cpuUsed' && judgedMetricOf(table, documented) === 'cpuPerRequest'
  return [
    ...(moved.length > 0 ? [{ code: 'cores-differ', values: cores } as const] : []),
    ...(isByCpuTime ? [{ code: 'judged-by-cpu-time', values: {} } as const] : []),
  ]
}
