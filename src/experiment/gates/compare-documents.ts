import { UsageError } from '../../kit/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { distinctReasons } from '../../result/distinct-reasons.ts'
import type { Host, ResultDocument } from '../../result/document.ts'
import { machineText } from '../../result/machine-text.ts'
import type { MetricName } from '../../result/metrics.ts'
import type { Reason, ReasonValues } from '../../result/reason.ts'
import type { Margins } from '../findings/margins.ts'
import { comparedMetrics } from './compared-metrics.ts'
import {
  type ComparisonCase,
  caseBetween,
  casesBetween,
  storedComparisons,
} from './comparison-case.ts'
import { changedMetrics, type GateRule } from './gate-rule.ts'
import { checkRules, gates } from './gates.ts'

/** A stored result to compare another with. */
export interface StoredBase {
  readonly file: string
  readonly document: ResultDocument
}

/** Two runs to compare. */
export interface CompareDocumentsOptions {
  readonly base: StoredBase
  readonly head: ResultDocument
  /** Whether to compare runs of different hosts or plans. */
  readonly force: boolean
  readonly rules: readonly GateRule[]
  /** Whether an inconclusive gate fails. */
  readonly strict: boolean
  /** δ of a metric: at least the noise floor of this host. */
  readonly margin: Margins
}

/**
 * The head's document with each of its arms compared with its namesake in the base, and with the gates. The
 * trials of two runs are not paired, so they are compared as two independent samples. Where the control, which no
 * change of a balancer can affect, differs as well, the host changed, and no gate on that metric fails.
 *
 * @throws {UsageError} the two are not comparable and that was not forced, or a rule is about a metric that was not measured
 */
export function compareDocuments(options: CompareDocumentsOptions): ResultDocument {
  const { base, head, rules, strict, margin } = options
  checkRules(rules, { phases: head.plan.phases, hasBase: true })
  const differences = checkComparable(base, head, options.force)
  const rates = ratesApart(base.document, head)
  const wanted = [...Object.values(comparedMetrics).flat(), ...changedMetrics(rules)]
  const cases = casesBetween(base.document, head, { metrics: [...new Set(wanted)], margin }).filter(
    ({ phase }) => phase === 'capacity' || rates === undefined || options.force,
  )
  const doubt = (one: ComparisonCase) => hostChange(base.document, head, one)
  const { file, document } = base
  const interrupted = interruption(document)
  const baseArms = document.plan.arms.map(({ name }) => ({
    name,
    hasValidTrial: document.trials.some(
      ({ trial, verdict }) => trial.arm === name && verdict.valid,
    ),
  }))
  const compared = storedComparisons(cases)
  return {
    ...head,
    baseline: { file, createdAt: document.createdAt, lb: document.lb, differences },
    comparisons: [...compared, ...head.comparisons.filter((one) => one.base !== one.arm)],
    gates: gates(head, { rules, strict, cases, doubt, noPass: interrupted, baseArms }),
    warnings: [
      { code: 'separate-runs', values: {} },
      ...(interrupted === undefined ? [] : [interrupted]),
      ...(rates === undefined ? [] : [rates]),
      ...distinctReasons(cases.flatMap((one) => doubt(one) ?? [])),
      ...unmatched(base.document, head),
      ...head.warnings,
    ],
  }
}

function interruption({ complete, trials, plan }: ResultDocument): Reason | undefined {
  if (complete) return undefined
  const values = { measured: trials.length, planned: plan.trials.length }
  return { code: 'baseline-interrupted', values }
}

/** The parts of a run that decide whether it can be compared; known before it starts. */
export type Comparable = Pick<ResultDocument, 'plan' | 'build' | 'host'> & {
  /** Of a run on nodes. */
  readonly engine?: { readonly name: string } | undefined
}

/**
 * The differences between two runs that make them incomparable; empty unless that was forced.
 *
 * @throws {UsageError} there are differences and that was not forced, no arm in common, or a single trial on a side
 */
export function checkComparable(base: StoredBase, head: Comparable, force: boolean): Reason[] {
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
  const found = differencesOf(base.document, head)
  if (found.length === 0 || force) return found
  throw new UsageError(
    `${base.file} cannot be compared: it differs in ${found.map(fieldText).join(', ')}`,
    'measure both in the same way on the same host, or use lb compare --force',
  )
}

/** One trial a side gives no estimate of the spread. */
function checkTrials(base: StoredBase, { plan }: Comparable): void {
  const single = plan.blocks < 2 ? 'this run' : base.file
  if (plan.blocks >= 2 && base.document.plan.blocks >= 2) return
  throw new UsageError(
    `a comparison takes 2 trials of each arm or more, and ${single} has 1`,
    'measure with --trials 4 or more: fewer trials per side cannot give an outcome',
  )
}

/** The field in which two runs differ, with both values where they are short, for the one line of an error. */
function fieldText({ code, values }: Difference): string {
  switch (code) {
    case 'host-differs':
      return `host (${machineText(values.base)}; ${machineText(values.head)})`
    case 'cpus-differ':
      return `usable CPUs (${values.base}; ${values.head})`
    case 'build-differs':
      return 'build (compiled; from sources)'
    case 'plan-differs':
      return values.field
  }
}

type Difference = Extract<
  Reason,
  { code: 'host-differs' | 'cpus-differ' | 'build-differs' | 'plan-differs' }
>

function differencesOf(base: Comparable, head: Comparable): Difference[] {
  const plans = fields.filter(
    ([, of]) => JSON.stringify(of(base.plan)) !== JSON.stringify(of(head.plan)),
  )
  return [
    ...hosts(base.host, head.host),
    ...(base.build === head.build ? [] : [{ code: 'build-differs' as const, values: {} }]),
    ...[...plans, ...engines(base, head)].map(([field]) => ({
      code: 'plan-differs' as const,
      values: { field },
    })),
  ]
}

/** The network between nodes is part of what was measured. */
function engines(base: Comparable, head: Comparable): [string][] {
  return base.engine?.name === head.engine?.name ? [] : [['engine']]
}

/** Blocks, seed and rules for stopping may differ: they change how much is known, not what is measured. */
const fields: readonly (readonly [name: string, of: (plan: Plan) => unknown])[] = [
  ['scenario', ({ scenario }) => scenario],
  ['backends', ({ backends }) => backends],
  ['request', ({ request }) => request],
  ['journeys', ({ visits }) => visits],
  ['faults', ({ faults }) => faults],
  ['connections', ({ connections }) => connections],
  ['drivers', ({ drivers, backendProcesses }) => [drivers, backendProcesses]],
  ['warm-up', ({ warmup }) => warmup],
  ['duration', ({ duration }) => duration],
  ['time-out', ({ timeout }) => timeout],
  ['arrivals', ({ arrivals }) => arrivals.spacing],
]

function hosts(base: Host, head: Host): Difference[] {
  if (base.fingerprint !== head.fingerprint) {
    return [{ code: 'host-differs', values: { base: machine(base), head: machine(head) } }]
  }
  const [from, to] = [base.cpusAvailable, head.cpusAvailable]
  return from === to ? [] : [{ code: 'cpus-differ', values: { base: from, head: to } }]
}

function machine(host: Host): ReasonValues<'host-differs'>['base'] {
  const { cpuModel, cpus, memoryBytes, kernel, node } = host
  return { cpuModel, cpus, memoryBytes, kernel, node }
}

/** Rates that differ by more than this are two different loads. */
const sameRate = 0.01

function ratesApart(base: ResultDocument, head: ResultDocument): Reason | undefined {
  const [from, to] = [base, head].map(rateOf)
  if (from === undefined || to === undefined || Math.abs(to / from - 1) <= sameRate)
    return undefined
  return { code: 'rates-differ', values: { base: from, head: to } }
}

/** Arrivals per second that the latency phase of a run had; undefined where there was none. */
export function rateOf({ phaseEndings }: Pick<ResultDocument, 'phaseEndings'>): number | undefined {
  return phaseEndings.find(({ phase }) => phase === 'latency')?.rate
}

/** The metric of the control that stands for one of the target, as the control has no balancer. */
const controlMetrics: Partial<Record<MetricName, MetricName>> = {
  cpuPerRequest: 'driverCpuPerRequest',
}

/** Why a difference may be that of the host: the control differs in the same direction. */
function hostChange(
  base: ResultDocument,
  head: ResultDocument,
  one: ComparisonCase,
): Reason | undefined {
  const { control } = head.plan
  if (control === undefined) return undefined
  const metric = controlMetrics[one.metric] ?? one.metric
  const { phase, margin } = one
  const [same] = caseBetween(base, head, { metric, phase, arm: control, margin: () => margin })
  const found = same?.compare()
  if (found?.outcome !== 'better' && found?.outcome !== 'worse') return undefined
  const { center } = found.ratio
  if (center > 1 !== one.compare().ratio.center > 1) return undefined
  return { code: 'control-changed', values: { metric, ratio: center } }
}

function unmatched(base: ResultDocument, head: ResultDocument): Reason[] {
  const names = ({ plan }: ResultDocument) => plan.arms.map(({ name }) => name)
  const only = (some: readonly string[], others: readonly string[]) =>
    some.filter((name) => !others.includes(name) && name !== head.plan.control)
  const gone = only(names(base), names(head))
  const fresh = only(names(head), names(base))
  const inBase: Reason[] =
    gone.length === 0 ? [] : [{ code: 'only-in-baseline', values: { arms: gone } }]
  return fresh.length === 0
    ? inBase
    : [...inBase, { code: 'not-in-baseline', values: { arms: fresh } }]
}
