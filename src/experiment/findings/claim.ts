import type { Phase, Plan } from '../../plan/plan.ts'
import type { Answer, Comparison, Finding, Measurement } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import { metrics } from '../../result/metrics.ts'
import { compareArms } from './comparisons.ts'
import type { Margins } from './margins.ts'
import { type Pairing, pairings } from './pairs.ts'

/** A run whose arms were compared. */
export interface ClaimOptions {
  readonly plan: Plan
  readonly measured: readonly Measurement[]
  readonly findings: readonly Finding[]
  readonly comparisons: readonly Comparison[]
  readonly margin: Margins
}

type Claim = NonNullable<Answer['claim']>
type Difference = Claim['different'][number]

/** Pairs from which an interval is narrow enough to say anything. */
const minPairs = 3

/**
 * What a run says of its arms, by one metric: who is better or worse than the base, and how little the others can differ.
 * That bound is the farthest end of the intervals of all their pairs. It needs no correction for their number, since it
 * fails only if the interval of the pair that is farthest apart does (Berger and Hsu, Statistical Science 11(4), 1996).
 * In the first phase in which arms have three blocks in common; by the metric that shows a difference, otherwise by the one
 * with the smallest bound. Undefined without such a phase.
 */
export function claimOf(options: ClaimOptions): Claim | undefined {
  for (const phase of options.plan.phases) {
    const arms = comparable(options, phase)
    const claims = candidates(arms, phase).flatMap(
      (metric) => claimBy(options, { phase, metric, arms }) ?? [],
    )
    const [first] = claims
    if (first === undefined) continue
    return (
      claims.find(({ different }) => different.length > 0) ??
      claims.reduce((a, b) => ((b.bound ?? 0) < (a.bound ?? 0) ? b : a))
    )
  }
  return undefined
}

/** The findings of the largest group of arms that are compared with the same base, those without a valid trial left out. */
function comparable({ plan, findings }: ClaimOptions, phase: Phase): Finding[] {
  const groups = [...Map.groupBy(pairings(plan), ({ base }) => base.name)].map(([base, others]) => [
    base,
    ...others.map(({ other }) => other.name),
  ])
  const largest = groups.reduce((a, b) => (b.length > a.length ? b : a), [])
  return findings.filter(
    (one) => one.phase === phase && one.validity === 'valid' && largest.includes(one.arm),
  )
}

/** Throughput says something of the targets only where neither driver nor host was the bottleneck. */
function candidates(arms: readonly Finding[], phase: Phase): MetricName[] {
  if (phase === 'latency') return ['latencyP99', 'latencyP50']
  const isOwn = arms.every(({ bottleneck }) => bottleneck === 'target' || bottleneck === 'backends')
  return isOwn ? ['throughput', 'cpuPerRequest'] : ['cpuPerRequest']
}

interface ClaimBy {
  readonly phase: Phase
  readonly metric: MetricName
  readonly arms: readonly Finding[]
}

function claimBy(options: ClaimOptions, { phase, metric, arms }: ClaimBy): Claim | undefined {
  const names = arms.filter((one) => one.metrics[metric] !== undefined).map(({ arm }) => arm)
  const different = options.comparisons
    .filter((one) => one.phase === phase && one.metric === metric && names.includes(one.arm))
    .flatMap(differenceOf)
  const alike = names.filter((name) => different.every(({ arm }) => arm !== name))
  const compared = (some: readonly string[]) =>
    pairsAmong(options.plan, some).map((pairing) =>
      compareArms(options.measured, pairing, { ...options, phase, metric }),
    )
  const all = compared(names).map(([one]) => one?.ratio.n ?? 0)
  const pairs = Math.min(...all)
  if (all.length === 0 || pairs < minPairs) return undefined
  const reaches = compared(alike).flatMap((found) => found.map(({ ratio }) => reach(ratio)))
  const better = metrics[metric].better === 'more' ? -1 : 1
  return {
    ...{ phase, metric, alike, confidence: 0.95, pairs },
    different: different.toSorted((a, b) => better * (a.center - b.center)),
    ...(reaches.length > 0 && { bound: Math.max(...reaches) }),
  }
}

function differenceOf({ arm, base, outcome, ratio }: Comparison): Difference[] {
  if (outcome !== 'better' && outcome !== 'worse') return []
  const { center, low, high } = ratio
  return [{ arm, base, outcome, center, low, high }]
}

function pairsAmong({ arms }: Plan, names: readonly string[]): Pairing[] {
  const some = arms.filter(({ name }) => names.includes(name))
  return some.flatMap((base, i) => some.slice(i + 1).map((other) => ({ base, other })))
}

/** The fraction by which the farther end of an interval differs from 1, either way. */
function reach({ low, high }: { readonly low: number; readonly high: number }): number {
  return Math.max(high, 1 / low) - 1
}
