import type { Phase } from '../../plan/plan.ts'
import type { ResultDocument, Comparison as StoredComparison } from '../../result/document.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import { type Comparison, compare } from '../../stats/tests/comparison.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import { compareIndependent } from '../../stats/tests/independent.ts'
import { quotientOf } from '../findings/comparisons.ts'
import { type HostSpeed, hostSpeed, uncorrected } from '../findings/host-speed.ts'
import type { Margins } from '../findings/margins.ts'
import { type Pairs, pairings, pairsOf, valuesOf } from '../findings/pairs.ts'
import { phasesFor } from './compared-metrics.ts'

/** One metric of an arm to compare with that of a base: by pairs within a run, by independent samples between two runs. */
export interface ComparisonCase {
  readonly metric: MetricName
  readonly phase: Phase
  readonly arm: string
  readonly base: string
  /** Estimate of the base where it belongs to another run, in the unit of the metric. */
  readonly baseValue?: number
  /** δ: the smallest relative difference that counts as one. */
  readonly margin: number
  /** Compares the arm with the base. */
  compare(): Comparison
  /** The ratio as measured, where `compare` puts both at one speed of the host. */
  readonly uncorrectedRatio?: Comparison['ratio'] | undefined
  /** Compares the arm with the base times `ratio`: worse where the whole interval lies beyond that threshold. */
  compareAt(ratio: number): Comparison
}

/** Which metrics to compare, and δ of each. */
export interface ComparisonOptions {
  readonly metrics: readonly MetricName[]
  readonly margin: Margins
}

/** The comparisons inside one run, A/B or not: each arm with its base, by the pairs of the blocks. */
export function casesWithin(
  document: ResultDocument,
  options: ComparisonOptions,
): ComparisonCase[] {
  const { plan, trials } = document
  return questions(document, options).flatMap(({ metric, phase }) =>
    pairings(plan)
      .filter(({ base }) => isComparable(document, base.name, { metric, phase }))
      .filter(({ other }) => isComparable(document, other.name, { metric, phase }))
      .flatMap(({ base, other }) => {
        const found = pairsOf(trials, { base, other }, { phase, metric })
        const { pairs, covariate } = found
        if (pairs.length < 2) return []
        const asMeasured = covariate && { pairs, warnings: [] }
        const names = { metric, phase, arm: other.name, base: base.name }
        const margin = options.margin(metric, pairs.length)
        const [from, to] = [base, other].map(
          ({ name }) => findingOf(document, name, phase)?.metrics[metric]?.center,
        )
        const center = quotientOf(from, to)
        return comparisonCase(
          { ...names, margin },
          { samples: found, asMeasured, center, test: comparePaired },
        )
      }),
  )
}

/** The comparisons between two runs: each arm with its namesake, by their trials, which are not paired. */
export function casesBetween(
  base: ResultDocument,
  head: ResultDocument,
  options: ComparisonOptions,
): ComparisonCase[] {
  return questions(head, options).flatMap(({ metric, phase }) =>
    head.plan.arms
      .filter(({ name }) => name !== head.plan.control)
      .filter(({ name }) => isComparable(head, name, { metric, phase }))
      .filter(({ name }) => isComparable(base, name, { metric, phase }))
      .flatMap(({ name }) =>
        caseBetween(base, head, { metric, phase, arm: name, margin: options.margin }),
      ),
  )
}

/** Which arm and metric of two runs to compare, and δ of that metric. */
interface CaseBetweenOptions extends Pick<ComparisonCase, 'metric' | 'phase' | 'arm'> {
  readonly margin: Margins
}

/** One comparison between two runs; none where a side has fewer than two valid trials. */
export function caseBetween(
  base: ResultDocument,
  head: ResultDocument,
  { metric, phase, arm, margin }: CaseBetweenOptions,
): ComparisonCase[] {
  const question = { phase, metric }
  const runs = [base, head].map(({ trials }) => trials.filter(({ trial }) => trial.arm === arm))
  const corrected = hostSpeed(runs, question)
  const samplesAt = (speed: HostSpeed) =>
    runs.map((trials) =>
      [...valuesOf(trials, arm, { question, speed }).values()].filter((value) => value > 0),
    ) as [number[], number[]]
  const samples = samplesAt(corrected)
  const n = Math.min(...samples.map(({ length }) => length))
  if (n < 2) return []
  const baseValue = findingOf(base, arm, phase)?.metrics[metric]?.center
  const headValue = findingOf(head, arm, phase)?.metrics[metric]?.center
  const center = quotientOf(baseValue, headValue)
  const value = baseValue === undefined ? {} : { baseValue }
  const names = { metric, phase, arm, base: arm, margin: margin(metric, n), ...value }
  const asMeasured = corrected.slope === 0 ? undefined : samplesAt(uncorrected)
  return comparisonCase(names, { samples, asMeasured, center, test: compareSamples })
}

/** The comparisons as they are stored; those of one metric in one phase are a family (Holm). */
export function storedComparisons(cases: readonly ComparisonCase[]): StoredComparison[] {
  const families = Map.groupBy(cases, ({ metric, phase }) => `${metric} ${phase}`)
  return [...families.values()].flatMap((family) => {
    const adjusted = adjustFamily(family.map((one) => one.compare()))
    return family.map(({ metric, phase, arm, base, baseValue, uncorrectedRatio }, i) => {
      const { ratio, margin, outcome, p } = adjusted[i] as Comparison
      const value = baseValue === undefined ? {} : { baseValue }
      const before = uncorrectedRatio === undefined ? {} : { uncorrectedRatio }
      return { metric, phase, arm, base, ...value, ratio, ...before, margin, outcome, p }
    })
  })
}

/** The finding of an arm in a phase; undefined where it was not measured. */
export function findingOf(document: ResultDocument, arm: string, phase: Phase) {
  return document.findings.find((one) => one.arm === arm && one.phase === phase)
}

type Criteria = Parameters<typeof compare>[1]

/** The samples to compare, those before the host's speed was taken out, and the test for such samples. */
interface Samples<Values> {
  readonly samples: Values
  readonly asMeasured: Values | undefined
  /** The quotient of the two estimates that reports show, which is the ratio as measured. */
  readonly center: number | undefined
  test(samples: Values, ratio: number, criteria: Criteria): Comparison
}

function comparePaired(
  { pairs, covariate, warnings }: Pairs,
  ratio: number,
  criteria: Criteria,
): Comparison {
  const found = compare(
    pairs.map(([from, to]) => [from * ratio, to]),
    { ...criteria, covariate },
  )
  return { ...found, ratio: { ...found.ratio, warnings: [...found.ratio.warnings, ...warnings] } }
}

function compareSamples(
  [from, to]: readonly [readonly number[], readonly number[]],
  ratio: number,
  criteria: Criteria,
): Comparison {
  return compareIndependent(
    from.map((value) => value * ratio),
    to,
    criteria,
  )
}

function comparisonCase<Values>(
  named: Omit<ComparisonCase, 'compare' | 'compareAt' | 'uncorrectedRatio'>,
  { samples, asMeasured, center, test }: Samples<Values>,
): ComparisonCase[] {
  const { better } = metrics[named.metric]
  const criteria = { better, margin: named.margin, center }
  // Corrected for the speed of the host, the ratio is no longer that of the estimates.
  const own = asMeasured === undefined ? center : undefined
  return [
    {
      ...named,
      compare: () => test(samples, 1, { ...criteria, center: own }),
      uncorrectedRatio: asMeasured && test(asMeasured, 1, criteria).ratio,
      // The threshold takes the place of the margin: beyond it any difference counts.
      compareAt: (ratio) => test(samples, ratio, { better, margin: 0, center: own && own / ratio }),
    },
  ]
}

function questions({ plan }: ResultDocument, options: ComparisonOptions) {
  return options.metrics.flatMap((metric) =>
    phasesFor(metric, plan.phases).map((phase) => ({ metric, phase })),
  )
}

/** Oversubscribed arms are never compared, nor metrics without an estimate. */
function isComparable(
  document: ResultDocument,
  arm: string,
  { metric, phase }: Pick<ComparisonCase, 'metric' | 'phase'>,
): boolean {
  const finding = findingOf(document, arm, phase)
  return finding?.validity === 'valid' && finding.metrics[metric] !== undefined
}
