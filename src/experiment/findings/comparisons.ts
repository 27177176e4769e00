import type { Phase, Plan } from '../../plan/plan.ts'
import type { Comparison, Finding, Measurement } from '../../result/document.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import { compare } from '../../stats/tests/comparison.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import type { Question } from './host-speed.ts'
import type { Margins } from './margins.ts'
import { compared, type Pairing, pairings, pairsOf } from './pairs.ts'

/** Limits and CPUs of the host that comparisons were measured on. */
export interface ComparisonOptions {
  readonly margin: Margins
  /** CPUs of the host. */
  readonly cpus: number
  /** The findings whose figures stand beside the ratios: each ratio is the quotient of two of them. */
  readonly findings?: readonly Finding[]
}

/**
 * Compares each arm with the first of as many cores, metric by metric, by the pairs of the blocks. The
 * comparisons of one metric are a family (Holm). Arms with more cores than `cpus` are left out: their results do not
 * apply to that core count.
 */
export function comparisons(
  plan: Plan,
  measured: readonly Measurement[],
  { margin, cpus, findings = [] }: ComparisonOptions,
): Comparison[] {
  const pairedArms = pairings(plan).filter(({ base }) => base.cores <= cpus)
  return plan.phases.flatMap((phase) =>
    compared[phase].flatMap((metric) => {
      const family = pairedArms.flatMap((pairing) =>
        compareArms(measured, pairing, { phase, metric, margin, findings }),
      )
      return adjustFamily(family).map(storedComparison)
    }),
  )
}

type Compared = ReturnType<typeof compare> & {
  readonly metric: MetricName
  readonly phase: Phase
  readonly arm: string
  readonly base: string
  readonly uncorrectedRatio?: Comparison['ratio']
}

interface CompareArmsOptions extends Question {
  readonly margin: Margins
  readonly findings: readonly Finding[]
}

/** An estimate divided by that of a base: the ratio of the two rows of a report; undefined where one is missing or not above 0. */
export function quotientOf(
  base: number | undefined,
  other: number | undefined,
): number | undefined {
  return base === undefined || other === undefined || !(base > 0 && other > 0)
    ? undefined
    : other / base
}

/** The comparison of two arms by one metric, not adjusted for a family; none below 2 pairs. */
export function compareArms(
  measured: readonly Measurement[],
  pairing: Pairing,
  { phase, metric, margin, findings }: CompareArmsOptions,
): Compared[] {
  const { pairs, covariate, warnings } = pairsOf(measured, pairing, { phase, metric })
  if (pairs.length < 2) return []
  const [from, to] = [pairing.base, pairing.other].map(
    ({ name }) =>
      findings.find((one) => one.arm === name && one.phase === phase)?.metrics[metric]?.center,
  )
  const center = pairing.twin === undefined ? quotientOf(from, to) : undefined
  const criteria = { better: metrics[metric].better, margin: margin(metric, pairs.length), center }
  const names = { metric, phase, arm: pairing.other.name, base: pairing.base.name }
  const before = covariate && { uncorrectedRatio: compare(pairs, criteria).ratio }
  const found = compare(pairs, { ...criteria, covariate })
  const ratio = { ...found.ratio, warnings: [...found.ratio.warnings, ...warnings] }
  return [{ ...found, ratio, ...before, ...names }]
}

/** A comparison as the document has it. */
export function storedComparison(found: Compared): Comparison {
  const { metric, phase, arm, base, ratio, uncorrectedRatio, margin, outcome, p } = found
  return {
    metric,
    phase,
    arm,
    base,
    ratio,
    ...(uncorrectedRatio && { uncorrectedRatio }),
    margin,
    outcome,
    p,
  }
}
