import { UsageError } from '../../kit/errors.ts'
import { facts } from '../../plan/documented/facts.ts'
import type { DocumentedMetric } from '../../plan/documented/figure.ts'
import type { Documented, DocumentedTable } from '../../plan/documented/read-documented.ts'
import type { Plan } from '../../plan/plan.ts'
import { plannedName } from '../../plan/reproduction-plan.ts'
import type { Finding, ResultDocument } from '../../result/document.ts'
import type { ReproducedRow, ReproducedTable, Reproduction } from '../../result/reproduction.ts'
import { minMargin } from '../../stats/tests/noise-floor.ts'
import { documentedChecks } from './documented-checks.ts'
import { cpusOf } from './documented-cpu.ts'
import { type DocumentedRow, judgeRow, orderOfRows } from './judge-row.ts'

/**
 * Documented tables beside what a result measured of their arms. Absolute figures stand side by side and are
 * not judged; ratios within a table are, and the efficiency of each step of a scaling figure. Rows beyond the
 * host's cores are never judged. Pure.
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
 * Refuses a result that holds none of the arms that a document asks for.
 *
 * @throws UsageError naming the arms.
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
  const held = heldRows(table, documented, result)
  const ordered =
    kind === 'scaling' ? held.toSorted((a, b) => a.documentedCores - b.documentedCores) : held
  const margin =
    result.comparisons.find((one) => one.metric === judgedBy(table, documented))?.margin ??
    minMargin
  const rows = ordered.map((one, i): ReproducedRow => {
    const base = ordered[kind === 'scaling' ? i - 1 : 0]
    const row = rowOf(one)
    return base === undefined || base === one
      ? row
      : { ...row, shape: judgeRow({ row: one, base, kind, margin, result }) }
  })
  return {
    ...{ title, metric, kind, rows },
    ...(kind === 'ratios' && rows.length > 1 && { order: orderOfRows(ordered, margin, result) }),
    notes: notesOf(table, documented),
  }
}

/** Throughput of one and the same arm over cores is a scaling figure. */
function kindOf({ metric, figures }: DocumentedTable, { arms }: Documented): 'scaling' | 'ratios' {
  const own = figures.flatMap(({ arm }) => arms[arm] ?? [])
  const things = new Set(own.map(({ target, algorithm }) => `${target} ${algorithm}`))
  const cores = new Set(own.map(({ documentedCores }) => documentedCores))
  const grows = things.size === 1 && cores.size === own.length && own.length > 1
  return metric === 'throughput' && grows ? 'scaling' : 'ratios'
}

function heldRows(
  table: DocumentedTable,
  documented: Documented,
  result: ResultDocument,
): DocumentedRow[] {
  const metric = judgedBy(table, documented)
  return table.figures.flatMap((figure): DocumentedRow[] => {
    const arm = documented.arms[figure.arm]
    if (arm === undefined) return []
    const name = plannedName(arm)
    const finding = result.findings.find((one) => one.arm === name && one.phase === 'capacity')
    const share = figure.unit === '%' ? figure.divisor * arm.cores : figure.divisor
    return [
      {
        ...{ name: figure.arm, planned: name, figure, finding, metric },
        ...{ shown: table.metric, cores: arm.cores, documentedCores: arm.documentedCores },
        divisor: share,
        documented: judgedFigure(figure, table, documented),
        projection: projectionOf(name, result),
      },
    ]
  })
}

/**
 * In closed loop a balancer takes all the CPU that it has, whichever the algorithm: shares of CPU are held
 * against each other by the CPU time of a request, where the document's throughput gives it.
 */
function judgedBy({ metric, figures }: DocumentedTable, documented: Documented): DocumentedMetric {
  const known = figures.every(({ arm }) => throughputOf(arm, documented) !== undefined)
  return metric === 'cpuUsed' && known ? 'cpuPerRequest' : metric
}

function throughputOf(row: string, documented: Documented) {
  return facts(documented).find((one) => one.row === row && one.metric === 'throughput')?.figure
}

/** The figure by which a row is judged, in the base unit of that metric, with half of its last digit. */
function judgedFigure(
  figure: DocumentedTable['figures'][number],
  table: DocumentedTable,
  documented: Documented,
): DocumentedRow['documented'] {
  const arm = documented.arms[figure.arm]
  const rate = throughputOf(figure.arm, documented)
  if (judgedBy(table, documented) !== 'cpuPerRequest' || table.metric !== 'cpuUsed') return figure
  if (arm === undefined || rate === undefined) return figure
  const value = cpusOf({ figure, arm }) / rate.value
  return { value, slack: value * (figure.slack / figure.value + rate.slack / rate.value) }
}

function projectionOf(arm: string, { curves }: ResultDocument) {
  return curves.flatMap(({ points }) => points).find((point) => point.arm === arm)?.projection
}

function rowOf({
  name,
  figure,
  finding,
  shown,
  projection,
  ...rest
}: DocumentedRow): ReproducedRow {
  const { cores, documentedCores, divisor } = rest
  const measured = finding?.metrics[shown]
  const standing = standingOf(finding)
  return {
    name,
    documented: { text: figure.text, value: figure.value },
    ...{ documentedCores, cores, standing, divisor, unit: figure.unit },
    isLowerBound: shown === 'throughput' && (finding?.isLowerBound ?? false),
    ...(measured && { measured }),
    ...(projection && shown === 'throughput' && standing === 'oversubscribed' && { projection }),
  }
}

function standingOf(finding: Finding | undefined): ReproducedRow['standing'] {
  return finding?.validity ?? 'not measured'
}

function notesOf(table: DocumentedTable, documented: Documented): string[] {
  const arms = table.figures.flatMap(({ arm }) => documented.arms[arm] ?? [])
  const moved = arms.filter(({ cores, documentedCores }) => cores !== documentedCores)
  const from = [...new Set(moved.map(({ documentedCores }) => documentedCores))].join(', ')
  const to = [...new Set(moved.map(({ cores }) => cores))].join(', ')
  return [
    ...(moved.length > 0
      ? [
          `Documented on ${from} cores and measured on ${to}: only the shape can be held against it.`,
        ]
      : []),
    ...(judgedBy(table, documented) === 'cpuPerRequest' && table.metric === 'cpuUsed'
      ? [
          'At saturation a balancer takes all its CPU: the rows are judged by CPU time per request, share × cores ÷ throughput.',
        ]
      : []),
  ]
}
