import { UsageError } from '../../kit/errors.ts'
import { percent, quantity } from '../../kit/units.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Host, ResultDocument } from '../../result/document.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import type { Margins } from '../findings/margins.ts'
import {
  answers,
  between,
  type ComparisonCase,
  casesBetween,
  contested,
} from './comparison-case.ts'
import type { GateRule } from './gate-rule.ts'
import { checkRules, gates } from './gates.ts'

/** A result that was stored, to hold another against. */
export interface StoredBase {
  readonly file: string
  readonly document: ResultDocument
}

/** Two runs to compare. */
export interface CompareDocumentsOptions {
  readonly base: StoredBase
  readonly head: ResultDocument
  /** Whether to compare what was measured on different hosts or by different plans. */
  readonly force: boolean
  readonly rules: readonly GateRule[]
  /** Whether a gate fails that is unclear. */
  readonly strict: boolean
  /** δ of a metric: what this host cannot tell apart is no difference. */
  readonly margin: Margins
}

/**
 * The head's document with each of its arms held against its namesake in the base, and with the gates. The
 * trials of two runs are no pairs, so that they are compared as two samples. Where the control, which no change
 * of a balancer can touch, differs as well, the host did, and no gate fails by that metric.
 *
 * @throws {UsageError} the two are not comparable and that was not forced, or a rule asks for what was not measured
 */
export function compareDocuments(options: CompareDocumentsOptions): ResultDocument {
  const { base, head, rules, strict, margin } = options
  checkRules(rules, { phases: head.plan.phases, against: true })
  const differs = checkComparable(base, head, options.force)
  const rates = ratesApart(base.document, head)
  const wanted = [...new Set([...Object.values(contested).flat(), ...changed(rules)])]
  const contests = casesBetween(base.document, head, { metrics: wanted, margin }).filter(
    ({ phase }) => phase === 'capacity' || rates === undefined || options.force,
  )
  const doubt = (contest: ComparisonCase) => drift(base.document, head, contest)
  const { file, document } = base
  const compared = answers(contests)
  return {
    ...head,
    baseline: { file, createdAt: document.createdAt, lb: document.lb, differs },
    comparisons: [...compared, ...head.comparisons.filter((one) => one.base !== one.arm)],
    gates: gates(head, { rules, strict, contests, doubt }),
    warnings: [
      ...differs.map((what) => `compared although ${what} (--force)`),
      'the two runs were made at two times: what changed on the host between them is in every difference; "lb ci" measures both at once',
      ...(rates === undefined ? [] : [rates]),
      ...new Set(contests.flatMap((contest) => doubt(contest) ?? [])),
      ...unmatched(base.document, head),
      ...head.warnings,
    ],
  }
}

/** What a comparison needs of a run, before it was made or after. */
export type Comparable = Pick<ResultDocument, 'plan' | 'build' | 'host'>

/**
 * What differs between two runs besides what is compared.
 *
 * @throws {UsageError} something does, and that was not forced; or they have no arm in common, or one has a single trial
 */
export function checkComparable(base: StoredBase, head: Comparable, force: boolean): string[] {
  const common = head.plan.arms.filter(({ name }) =>
    base.document.plan.arms.some((one) => one.name === name && name !== head.plan.control),
  )
  if (common.length === 0) {
    throw new UsageError(
      `${base.file} has none of the arms ${head.plan.arms.map(({ name }) => name).join(', ')}`,
      'compare results that have an arm in common',
    )
  }
  checkTrials(base, head)
  const differs = differences(base.document, head)
  if (differs.length === 0 || force) return differs
  throw new UsageError(
    `${base.file} cannot be compared: ${differs.join('; ')}`,
    'measure both in the same way on the same host, or add --force',
  )
}

/** One trial a side says nothing of what is chance. */
function checkTrials(base: StoredBase, { plan }: Comparable): void {
  const single = plan.blocks < 2 ? 'this run' : base.file
  if (plan.blocks >= 2 && base.document.plan.blocks >= 2) return
  throw new UsageError(
    `a comparison takes 2 trials of each arm or more, and ${single} has 1`,
    'measure with --trials 4 or more: fewer a side cannot decide',
  )
}

function differences(base: Comparable, head: Comparable): string[] {
  const plans = fields.filter(
    ([, of]) => JSON.stringify(of(base.plan)) !== JSON.stringify(of(head.plan)),
  )
  return [
    ...hosts(base.host, head.host),
    ...(base.build === head.build ? [] : [`one ran compiled and one from sources`]),
    ...plans.map(([name]) => `the ${name} of the plans differ${name.endsWith('s') ? '' : 's'}`),
  ]
}

/** Blocks, seed and rules for stopping may differ: they change how much is known, not what is measured. */
const fields: readonly (readonly [name: string, of: (plan: Plan) => unknown])[] = [
  ['scenario', ({ scenario }) => scenario],
  ['backends', ({ backends }) => backends],
  ['request', ({ request }) => request],
  ['faults', ({ faults }) => faults],
  ['connections', ({ connections }) => connections],
  ['warm-up', ({ warmup }) => warmup],
  ['duration', ({ duration }) => duration],
  ['time-out', ({ timeout }) => timeout],
  ['arrivals', ({ arrivals }) => arrivals.spacing],
]

function hosts(base: Host, head: Host): string[] {
  if (base.fingerprint !== head.fingerprint) {
    return [`the hosts differ (${hostText(base)}; ${hostText(head)})`]
  }
  return base.cpusAvailable === head.cpusAvailable
    ? []
    : [`${base.cpusAvailable} CPUs could be used, and then ${head.cpusAvailable}`]
}

function hostText({ cpuModel, cpus, memoryBytes, kernel, node }: Host): string {
  return `${cpus} × ${cpuModel}, ${quantity(memoryBytes, 'bytes')}, kernel ${kernel}, Node ${node}`
}

function changed(rules: readonly GateRule[]): MetricName[] {
  return rules.filter(({ limit }) => limit.on === 'change').map(({ metric }) => metric)
}

/** Rates that differ by more than this are two different loads. */
const sameRate = 0.01

function ratesApart(base: ResultDocument, head: ResultDocument): string | undefined {
  const [from, to] = [base, head].map(rateOf)
  if (from === undefined || to === undefined || Math.abs(to / from - 1) <= sameRate)
    return undefined
  return `latency was measured at ${quantity(from, 'req/s')} and at ${quantity(to, 'req/s')}, so that it is not compared unless forced: measure both with --rate ${Math.round(from)}`
}

/** Arrivals per second that the latency phase of a run had; undefined where there was none. */
export function rateOf({ endings }: Pick<ResultDocument, 'endings'>): number | undefined {
  return endings.find(({ phase }) => phase === 'latency')?.rate
}

/** What stands for a metric in the control, which has no balancer that would cost anything. */
const inControl: Partial<Record<MetricName, MetricName>> = { cpuPerRequest: 'driverCpuPerRequest' }

/** Why a difference may be the host's: the control differs in the same way. */
function drift(
  base: ResultDocument,
  head: ResultDocument,
  contest: ComparisonCase,
): string | undefined {
  const { control } = head.plan
  if (control === undefined) return undefined
  const metric = inControl[contest.metric] ?? contest.metric
  const { phase, margin } = contest
  const [same] = between(base, head, { metric, phase, arm: control, margin: () => margin })
  const found = same?.hold()
  if (found?.answer !== 'better' && found?.answer !== 'worse') return undefined
  const { center } = found.ratio
  if (center > 1 !== contest.hold().ratio.center > 1) return undefined
  return `${metrics[metric].label} without a balancer is ${percent(center - 1)} ${center < 1 ? 'less' : 'more'} as well: it is the host that changed`
}

function unmatched(base: ResultDocument, head: ResultDocument): string[] {
  const names = ({ plan }: ResultDocument) => plan.arms.map(({ name }) => name)
  const only = (some: readonly string[], others: readonly string[]) =>
    some.filter((name) => !others.includes(name) && name !== head.plan.control)
  const gone = only(names(base), names(head))
  const fresh = only(names(head), names(base))
  return [
    ...(gone.length > 0 ? [`only in the baseline: ${gone.join(', ')}`] : []),
    ...(fresh.length > 0 ? [`not in the baseline: ${fresh.join(', ')}`] : []),
  ]
}
