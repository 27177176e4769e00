import { percent } from '../../kit/units.ts'
import type { DocumentedMetric, Figure } from '../../plan/documented/figure.ts'
import type { Arm } from '../../plan/plan.ts'
import type { Finding, ResultDocument, Summary } from '../../result/document.ts'
import type { RowOrder, Shape } from '../../result/reproduction.ts'
import { compare } from '../../stats/tests/comparison.ts'
import { pairsOf } from '../findings/pairs.ts'
import { documentedRatio, efficiencyShape, orderOf, ratioShape } from './trend.ts'

/** A documented row with what was found of its arm. */
export interface DocumentedRow {
  readonly name: string
  /** Name of the arm in the plan. */
  readonly planned: string
  readonly figure: Figure
  readonly finding: Finding | undefined
  /** Metric that is shown, and the one by which the row is judged. */
  readonly shown: DocumentedMetric
  readonly metric: DocumentedMetric
  readonly cores: number
  readonly documentedCores: number
  readonly divisor: number
  /** The documented figure of the metric by which the row is judged. */
  readonly documented: { readonly value: number; readonly slack: number }
  readonly projection: Summary | undefined
}

/** A row to judge, and the one it is held against. */
export interface JudgeRowOptions {
  readonly row: DocumentedRow
  readonly base: DocumentedRow
  readonly kind: 'ratios' | 'scaling'
  /** δ: a relative difference that does not matter. */
  readonly margin: number
  readonly result: ResultDocument
}

/** Whether a row has the documented ratio to another or, in a scaling figure, the documented efficiency. */
export function judgeRow({ row, base, kind, margin, result }: JudgeRowOptions): Shape {
  const growth = kind === 'scaling' ? row.documentedCores / base.documentedCores : 1
  const raw = documentedRatio(row.documented, base.documented)
  const documented = {
    value: raw.value / growth,
    low: raw.low / growth,
    high: raw.high / growth,
  }
  const own = { documented: documented.value, against: base.name }
  const never = unjudged([base, row], kind, result)
  const ratio = ratioOf(row, base, result)
  const measured = ratio && times(ratio, base.cores / row.cores, kind)
  const shown = measured && !beyondHost([base, row]) ? { measured } : {}
  if (never !== undefined || measured === undefined) {
    return { ...own, ...shown, answer: 'not judged', because: never ?? noPairs }
  }
  const few = tooFew(measured)
  if (few !== undefined) return { ...own, ...shown, answer: 'inconclusive', because: few }
  const judge = kind === 'scaling' ? efficiencyShape : ratioShape
  return { ...own, ...shown, answer: judge(documented, measured, margin) }
}

const noPairs = 'no two blocks have a valid trial of both'

/** Whether the rows of a table come in the documented order, by all their pairs. */
export function orderOfRows(
  rows: readonly DocumentedRow[],
  margin: number,
  result: ResultDocument,
): RowOrder {
  const sorted = rows.toSorted((a, b) => b.documented.value - a.documented.value)
  const differ = (a: DocumentedRow, b: DocumentedRow) =>
    a.documented.value > b.documented.value * (1 + margin)
  const pairs = sorted.flatMap((more, i) =>
    sorted
      .slice(i + 1)
      .filter((less) => differ(more, less))
      .map((less) => ({ more, less, ...judgedPair(more, less, { margin, result }) })),
  )
  const documented = sorted
    .map(({ name }, i) => {
      const next = sorted[i + 1]
      if (next === undefined) return name
      return `${name} ${differ(sorted[i] as DocumentedRow, next) ? '>' : '≈'}`
    })
    .join(' ')
  const judged = pairs.filter(({ answer }) => answer !== 'not judged')
  const has = (answer: Shape['answer']) => judged.some((pair) => pair.answer === answer)
  const answer = has('differs') ? 'differs' : has('inconclusive') ? 'inconclusive' : 'agrees'
  return {
    answer: judged.length === 0 ? 'not judged' : answer,
    documented,
    because: pairs.length === 0 ? [allAlike(margin)] : pairs.flatMap(({ because }) => because),
  }
}

function allAlike(margin: number): string {
  return `no two rows are documented more than ${percent(margin)} apart`
}

function judgedPair(
  more: DocumentedRow,
  less: DocumentedRow,
  { margin, result }: Pick<JudgeRowOptions, 'margin' | 'result'>,
): { answer: Shape['answer']; because: string[] } {
  const names = `${more.name} and ${less.name}`
  const never = unjudged([more, less], 'ratios', result)
  const ratio = ratioOf(more, less, result)
  if (never !== undefined || ratio === undefined) {
    return { answer: 'not judged', because: [`${names}: ${never ?? noPairs}`] }
  }
  const few = tooFew(ratio)
  if (few !== undefined) return { answer: 'inconclusive', because: [`${names}: ${few}`] }
  const answer = orderOf(more.documented.value / less.documented.value, ratio, margin)
  const said = {
    agrees: [],
    differs: [
      ratio.high < 1
        ? `${names} come the other way round`
        : `${names} are the same within ${percent(margin)}`,
    ],
    inconclusive: [`${names} could not be told apart`],
  }
  return { answer, because: said[answer] }
}

/** Why rows cannot be judged; undefined where they can. */
function unjudged(
  rows: readonly DocumentedRow[],
  kind: JudgeRowOptions['kind'],
  result: ResultDocument,
): string | undefined {
  if (rows[0]?.planned === rows[1]?.planned) return 'both rows are measured as one arm here'
  for (const row of rows) {
    const reason = reasonAgainst(row, kind, result)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Metrics that are the target's own only where nothing but the target limits. */
const ofTheLimit: readonly DocumentedMetric[] = [
  'throughput',
  ...(['latencyMean', 'latencyP50', 'latencyP90', 'latencyP99', 'latencyP999'] as const),
]

function reasonAgainst(
  { name, finding, cores, metric }: DocumentedRow,
  kind: JudgeRowOptions['kind'],
  result: ResultDocument,
): string | undefined {
  if (finding === undefined) return `${name} was not measured`
  if (finding.validity === 'oversubscribed') return `this host has fewer than ${cores} cores`
  if (finding.validity === 'invalid') return `${name} has no valid trial`
  const limit =
    finding.bottleneck === 'none'
      ? `no process of ${name} was at its limit`
      : `not ${name} but the ${finding.bottleneck} was at the limit`
  if (metric === 'cpuUsed' && finding.bottleneck === 'target') {
    return `${name} took all the CPU that it had, as any would`
  }
  if (kind === 'scaling' && finding.bottleneck !== 'target') return limit
  if (kind === 'scaling' && sharesCpus(finding.arm, result)) {
    return `${name} shared its CPUs with driver and backends`
  }
  const own = finding.bottleneck === 'target' || finding.bottleneck === 'none'
  return ofTheLimit.includes(metric) && !own ? limit : undefined
}

/** Why so few pairs could not decide, however they came out; undefined where they could. */
function tooFew({ warnings }: Summary): string | undefined {
  return warnings[0]?.replace(/\.$/, '')
}

function beyondHost(rows: readonly DocumentedRow[]): boolean {
  return rows.some(({ finding }) => finding?.validity === 'oversubscribed')
}

function sharesCpus(arm: string, { trials }: ResultDocument): boolean {
  return trials.some(
    ({ trial, processes }) =>
      trial.arm === arm &&
      processes.some(({ role, sharedCpus }) => role === 'target' && sharedCpus),
  )
}

/** Row ÷ base, from the pairs of the blocks; undefined below two of them. */
function ratioOf(
  row: DocumentedRow,
  base: DocumentedRow,
  { plan, trials }: ResultDocument,
): Summary | undefined {
  const [other, first] = [row, base].map(({ planned }) =>
    plan.arms.find(({ name }) => name === planned),
  ) as [Arm | undefined, Arm | undefined]
  if (other === undefined || first === undefined || other === first) return undefined
  const asked = { phase: 'capacity', metric: row.metric } as const
  const { pairs } = pairsOf(trials, { base: first, other }, asked)
  return pairs.length < 2 ? undefined : compare(pairs, { better: 'more', margin: 0 }).ratio
}

function times(ratio: Summary, factor: number, kind: JudgeRowOptions['kind']): Summary {
  if (kind === 'ratios') return ratio
  const { center, low, high } = ratio
  return { ...ratio, center: center * factor, low: low * factor, high: high * factor }
}
