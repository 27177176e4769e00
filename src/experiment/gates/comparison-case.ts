import type { Phase } from '../../plan/plan.ts'
import type { ResultDocument, Comparison as Stored } from '../../result/document.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import { type Comparison, compare, type Pair } from '../../stats/tests/comparison.ts'
import { asFamily } from '../../stats/tests/family.ts'
import { compareIndependent } from '../../stats/tests/independent.ts'
import { asItIs, type HostSpeed, hostSpeed } from '../findings/host-speed.ts'
import type { Margins } from '../findings/margins.ts'
import { compared, pairings, pairsOf, valuesOf } from '../findings/pairs.ts'

/** One metric of an arm, to be held against that of a base: by pairs within a run, by samples between two. */
export interface ComparisonCase {
  readonly metric: MetricName
  readonly phase: Phase
  readonly arm: string
  readonly base: string
  /** What the base came to, where it is of another run. */
  readonly baseValue?: number
  /** Least relative difference that is called one. */
  readonly margin: number
  /** The arm against the base, and as it was measured where that is not at one speed of the host. */
  hold(): Comparison
  readonly asMeasured?: Comparison['ratio'] | undefined
  /** The arm against the base times `ratio`: worse where the whole interval lies beyond that. */
  holdAt(ratio: number): Comparison
}

/** What to hold against each other: which metrics, and δ of each. */
export interface ComparisonOptions {
  readonly metrics: readonly MetricName[]
  readonly margin: Margins
}

/** The metrics of a comparison that is asked for, by the phase whose question they answer; more than arms of one run are held against each other by. */
export const contested: Readonly<Record<Phase, readonly MetricName[]>> = {
  capacity: [...compared.capacity, 'rssMean'],
  latency: compared.latency,
}

/** Phases of which a metric is compared: its own, or the only one that there is of a cost. */
export function phasesFor(metric: MetricName, phases: readonly Phase[]): Phase[] {
  if (metric === 'throughput') return phases.filter((phase) => phase === 'capacity')
  if (metric === 'errorShare') return [...phases]
  const costs = metric.startsWith('rss') || metric.startsWith('cpu')
  const own = costs ? 'capacity' : 'latency'
  if (phases.includes(own)) return [own]
  return costs ? [...phases] : []
}

/** The contests of a duel, or of any run: each arm against its base, by the pairs of the blocks. */
export function casesWithin(
  document: ResultDocument,
  options: ComparisonOptions,
): ComparisonCase[] {
  const { plan, trials } = document
  return each(document, options).flatMap(({ metric, phase }) =>
    pairings(plan)
      .filter(({ base }) => comparable(document, base.name, { metric, phase }))
      .filter(({ other }) => comparable(document, other.name, { metric, phase }))
      .flatMap(({ base, other }) => {
        const { pairs, asMeasured } = pairsOf(trials, { base, other }, { phase, metric })
        if (pairs.length < 2) return []
        const names = { metric, phase, arm: other.name, base: base.name }
        const margin = options.margin(metric, pairs.length)
        return contest({ ...names, margin }, { samples: pairs, before: asMeasured, hold: paired })
      }),
  )
}

/** The contests between two runs: each arm against its namesake, by their trials, which are no pairs. */
export function casesBetween(
  base: ResultDocument,
  head: ResultDocument,
  options: ComparisonOptions,
): ComparisonCase[] {
  return each(head, options).flatMap(({ metric, phase }) =>
    head.plan.arms
      .filter(({ name }) => name !== head.plan.control)
      .filter(({ name }) => comparable(head, name, { metric, phase }))
      .filter(({ name }) => comparable(base, name, { metric, phase }))
      .flatMap(({ name }) =>
        between(base, head, { metric, phase, arm: name, margin: options.margin }),
      ),
  )
}

/** What to hold between two runs. */
interface BetweenOptions extends ContestNames {
  readonly margin: Margins
}
type ContestNames = Pick<ComparisonCase, 'metric' | 'phase' | 'arm'>

/** One contest between two runs; none where a side has fewer than two trials that count. */
export function between(
  base: ResultDocument,
  head: ResultDocument,
  { metric, phase, arm, margin }: BetweenOptions,
): ComparisonCase[] {
  const question = { phase, metric }
  const runs = [base, head].map(({ trials }) => trials.filter(({ trial }) => trial.arm === arm))
  const speed = hostSpeed(runs, question)
  const at = (reading: HostSpeed) =>
    runs.map((trials) =>
      [...valuesOf(trials, arm, { question, speed: reading }).values()].filter(
        (value) => value > 0,
      ),
    ) as [number[], number[]]
  const samples = at(speed)
  const n = Math.min(...samples.map(({ length }) => length))
  if (n < 2) return []
  const baseValue = findingOf(base, arm, phase)?.metrics[metric]?.center
  const value = baseValue === undefined ? {} : { baseValue }
  const names = { metric, phase, arm, base: arm, margin: margin(metric, n), ...value }
  const before = speed.slope === 0 ? undefined : at(asItIs)
  return contest(names, { samples, before, hold: independent })
}

/** Their answers as they are stored; the contests of one metric in one phase are a family (Holm). */
export function answers(contests: readonly ComparisonCase[]): Stored[] {
  const families = Map.groupBy(contests, ({ metric, phase }) => `${metric} ${phase}`)
  return [...families.values()].flatMap((family) => {
    const judged = asFamily(family.map((one) => one.hold()))
    return family.map(({ metric, phase, arm, base, baseValue, asMeasured }, i): Stored => {
      const { ratio, margin, answer, p } = judged[i] as Comparison
      const value = baseValue === undefined ? {} : { baseValue }
      const before = asMeasured === undefined ? {} : { asMeasured }
      return { metric, phase, arm, base, ...value, ratio, ...before, margin, answer, p }
    })
  })
}

/** What an arm came to in a phase. */
export function findingOf(document: ResultDocument, arm: string, phase: Phase) {
  return document.findings.find((one) => one.arm === arm && one.phase === phase)
}

type Criteria = Parameters<typeof compare>[1]

/** Samples to hold against each other, those before they were put at one speed, and how. */
interface Held<Samples> {
  readonly samples: Samples
  readonly before: Samples | undefined
  hold(samples: Samples, ratio: number, criteria: Criteria): Comparison
}

function paired(pairs: readonly Pair[], ratio: number, criteria: Criteria): Comparison {
  return compare(
    pairs.map(([from, to]) => [from * ratio, to]),
    criteria,
  )
}

function independent(
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

function contest<Samples>(
  named: Omit<ComparisonCase, 'hold' | 'holdAt' | 'asMeasured'>,
  { samples, before, hold }: Held<Samples>,
): ComparisonCase[] {
  const { better } = metrics[named.metric]
  const criteria = { better, margin: named.margin }
  return [
    {
      ...named,
      hold: () => hold(samples, 1, criteria),
      asMeasured: before && hold(before, 1, criteria).ratio,
      // The limit has taken the margin's place: beyond it any difference is one.
      holdAt: (ratio) => hold(samples, ratio, { better, margin: 0 }),
    },
  ]
}

function each({ plan }: ResultDocument, { metrics: wanted }: ComparisonOptions) {
  return wanted.flatMap((metric) =>
    phasesFor(metric, plan.phases).map((phase) => ({ metric, phase })),
  )
}

/** Oversubscribed arms are never compared, nor is what the trials were too few or too bad to print. */
function comparable(
  document: ResultDocument,
  arm: string,
  { metric, phase }: Pick<ComparisonCase, 'metric' | 'phase'>,
): boolean {
  const finding = findingOf(document, arm, phase)
  return finding?.validity === 'valid' && finding.metrics[metric] !== undefined
}
