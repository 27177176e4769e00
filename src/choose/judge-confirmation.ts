import { compareArms, storedComparison } from '../experiment/findings/comparisons.ts'
import { type Margins, marginsOf } from '../experiment/findings/margins.ts'
import { metricOf } from '../experiment/findings/metrics-of.ts'
import type { Arm } from '../plan/plan.ts'
import type { ResultDocument } from '../result/document.ts'
import type {
  Confirmation,
  ConfirmedArm,
  ConfirmedPair,
  Scale,
} from '../result/schemas/confirmation.ts'
import type { AlgorithmResult, SimulatedMetric, Simulation } from '../result/simulation.ts'
import { type Summary, summarise } from '../stats/estimates/summary.ts'
import { type Comparison, compare } from '../stats/tests/comparison.ts'
import { adjustFamily } from '../stats/tests/family.ts'

/** What was measured, and the simulation of the same. */
interface JudgeOptions {
  readonly measured: ResultDocument
  readonly simulated: Simulation
  /** The algorithms that were run, the best of the choice first. */
  readonly names: readonly string[]
  readonly leftOut: readonly string[]
  readonly inUse: string | undefined
  readonly metric: Confirmation['metric']
  readonly scale: Scale
  /** The scaled world in words. */
  readonly world: readonly string[]
  /** Noise floor of the host. */
  readonly noise: Parameters<typeof marginsOf>[0]
}

/** The percentile to compare by: windows have too few requests for p99.9. */
export function confirmedMetric(metric: SimulatedMetric): Confirmation['metric'] {
  return metric === 'p50' ? 'p50' : 'p99'
}

/** The metric of trials that belongs to a percentile. */
const measuredMetric = { p50: 'latencyP50', p99: 'latencyP99' } as const

/** Relative distance within which a simulated figure counts as right: the bar of docs/measurements/twin.md. */
const near = 0.1

/** What real processes showed of a choice, beside a simulation of the same backends, rate and length. */
export function judgeConfirmation(options: JudgeOptions): Confirmation {
  const { measured, names, leftOut, metric, scale, world } = options
  const [base = ''] = names
  const pairs = pairsOf(options)
  const [ending] = measured.phaseEndings
  return {
    outcome: outcomeOf(pairs, options.inUse),
    ...{ base, metric, scale, world },
    blocks: ending?.blocks ?? 0,
    windowSeconds: measured.plan.duration,
    complete: measured.complete,
    arms: names.map((name) => armOf(name, options)),
    pairs,
    leftOut,
  }
}

function armOf(name: string, { measured, simulated, metric }: JudgeOptions): ConfirmedArm {
  const arm = measured.plan.arms.find(({ algorithm }) => algorithm === name)
  const trials = measured.trials.filter(({ trial }) => trial.arm === arm?.name)
  const valid = trials.filter(({ verdict }) => verdict.valid)
  const finding = measured.findings.find((one) => one.arm === arm?.name)
  const times = valid.flatMap((one) => metricOf(one, measuredMetric[metric]) ?? [])
  const real = times.length < valid.length ? undefined : typicalOf(times)
  const expected = typicalOf(valuesOf(simulated, name, metric))
  return {
    name,
    trials: valid.length,
    invalid: trials.length - valid.length,
    ...(real && { measured: real }),
    ...(expected && { simulated: expected }),
    ...(real && expected && { agrees: overlap(real, expected) || isNear(real, expected) }),
    ...(finding && { bottleneck: finding.bottleneck }),
  }
}

/**
 * The estimate of a typical trial, or replication: of few requests, a percentile is biased, in both by the same.
 */
function typicalOf(values: readonly number[]): Summary | undefined {
  return values.length > 0 && values.every((value) => value > 0) ? summarise(values) : undefined
}

function pairsOf(options: JudgeOptions): ConfirmedPair[] {
  const { measured, simulated, names, metric } = options
  const [base = '', ...others] = names
  const margin = marginsOf(options.noise)
  const compared = measuredPairs(measured, { base, others, metric, margin })
  return others.map((name) => {
    const real = compared.find(({ other }) => other === name)?.comparison
    const expected = simulatedPair(simulated, { base, other: name, metric })
    const isOwn = [base, name].every((one) => !isLimitedElsewhere(one, measured))
    return {
      name,
      ...(real && { measured: real }),
      ...(expected && { simulated: expected }),
      outcome: isOwn ? pairOutcome(real, expected) : 'not decided',
    }
  })
}

/** Whether the driver or the host limited the trials of an algorithm: their times are not those of the balancer and its backends. */
function isLimitedElsewhere(name: string, { plan, findings }: ResultDocument): boolean {
  const arm = plan.arms.find(({ algorithm }) => algorithm === name)
  const bottleneck = findings.find((one) => one.arm === arm?.name)?.bottleneck
  return bottleneck === 'driver' || bottleneck === 'host'
}

function measuredPairs(
  { plan, trials, findings }: ResultDocument,
  {
    base: baseName,
    others,
    metric,
    margin,
  }: {
    readonly base: string
    readonly others: readonly string[]
    readonly metric: Confirmation['metric']
    readonly margin: Margins
  },
) {
  const named = (name: string) => plan.arms.find(({ algorithm }) => algorithm === name) as Arm
  const base = named(baseName)
  const family = others.flatMap((name) =>
    compareArms(
      trials,
      { base, other: named(name) },
      { phase: 'latency', metric: measuredMetric[metric], margin, findings },
    ),
  )
  return adjustFamily(family).map((found) => ({
    other: plan.arms.find(({ name }) => name === found.arm)?.algorithm,
    comparison: storedComparison(found),
  }))
}

/** The comparison in pairs of replications, each as long as a trial. */
function simulatedPair(
  simulated: Simulation,
  {
    base,
    other,
    metric,
  }: {
    readonly base: string
    readonly other: string
    readonly metric: Confirmation['metric']
  },
): Comparison | undefined {
  const values = valuesOf(simulated, base, metric)
  const others = valuesOf(simulated, other, metric)
  const isComparable = values.length > 1 && values.length === others.length
  if (!isComparable) return undefined
  const pairs = values.map((value, i) => [value, others[i] as number] as const)
  return compare(pairs, { better: 'less', margin: simulated.margin })
}

/** The metric of each replication; none where one of them has none. */
function valuesOf(simulated: Simulation, name: string, metric: 'p50' | 'p99'): number[] {
  const result: AlgorithmResult | undefined = simulated.algorithms.find((one) => one.name === name)
  const values = result?.replications.map((figures) => figures[metric]) ?? []
  return values.every((value) => value > 0) ? values : []
}

/** An estimate with its interval. */
interface Interval {
  readonly center: number
  readonly low: number
  readonly high: number
}

function pairOutcome(
  real: { readonly ratio: Interval; readonly outcome: Comparison['outcome'] } | undefined,
  expected: Comparison | undefined,
): ConfirmedPair['outcome'] {
  if (real === undefined || expected === undefined || real.outcome === 'too few trials') {
    return 'not decided'
  }
  if (real.outcome === 'better' && expected.outcome !== 'better') return 'contradicted'
  if (!overlap(real.ratio, widened(expected.ratio, expected.margin))) return 'differs'
  const isWorse = expected.outcome === 'worse'
  if (isWorse && real.outcome === 'worse') return 'confirmed'
  return isWorse || real.outcome === 'worse' ? 'not decided' : 'confirmed'
}

function overlap(one: Interval, other: Interval): boolean {
  return one.low <= other.high && other.low <= one.high
}

function isNear(one: Interval, other: Interval): boolean {
  return Math.abs(one.center / other.center - 1) <= near
}

/** An interval with a difference that does not matter on both sides. */
function widened({ center, low, high }: Interval, margin: number): Interval {
  return { center, low: low / (1 + margin), high: high * (1 + margin) }
}

/**
 * The choice is confirmed where the trials show the algorithm in use as the simulation does, and no algorithm better than the best. Where
 * the best is in use, or none is, the second best takes its place.
 */
function outcomeOf(
  pairs: readonly ConfirmedPair[],
  inUse: string | undefined,
): Confirmation['outcome'] {
  if (pairs.some(({ outcome }) => outcome === 'contradicted')) return 'contradicted'
  const decisive = pairs.find(({ name }) => name === inUse) ?? pairs[0]
  if (decisive?.outcome === 'confirmed') return 'confirmed'
  const isAsWorse =
    decisive?.outcome === 'differs' &&
    decisive.measured?.outcome === 'worse' &&
    decisive.simulated?.outcome === 'worse'
  return isAsWorse ? 'confirmed' : 'not decided'
}
