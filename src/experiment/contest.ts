import type { Phase } from '../plan/plan.ts'
import type { ResultDocument, Comparison as Stored } from '../result/document.ts'
import { type MetricName, metrics } from '../result/metrics.ts'
import { type Comparison, compare } from '../stats/comparison.ts'
import { asFamily } from '../stats/family.ts'
import { compareIndependent } from '../stats/independent.ts'
import { compared, pairings, pairsOf, valuesOf } from './pairs.ts'

/** One metric of an arm, to be held against that of a base: by pairs within a run, by samples between two. */
export interface Contest {
  readonly metric: MetricName
  readonly phase: Phase
  readonly arm: string
  readonly base: string
  /** What the base came to, where it is of another run. */
  readonly baseValue?: number
  /** Least relative difference that is called one. */
  readonly margin: number
  /** The arm against the base. */
  hold(): Comparison
  /** The arm against the base times `ratio`: worse where the whole interval lies beyond that. */
  holdAt(ratio: number): Comparison
}

/** What to hold against each other: which metrics, and δ of each. */
export interface ContestOrder {
  readonly metrics: readonly MetricName[]
  margin(metric: MetricName): number
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
export function contestsWithin(document: ResultDocument, order: ContestOrder): Contest[] {
  const { plan, trials } = document
  return each(document, order).flatMap(({ metric, phase }) =>
    pairings(plan)
      .filter(({ base }) => comparable(document, base.name, { metric, phase }))
      .filter(({ other }) => comparable(document, other.name, { metric, phase }))
      .flatMap(({ base, other }) => {
        const pairs = pairsOf(trials, { base, other }, { phase, metric })
        if (pairs.length < 2) return []
        const names = { metric, phase, arm: other.name, base: base.name }
        return contest({ ...names, margin: order.margin(metric) }, (ratio, criteria) =>
          compare(
            pairs.map(([from, to]) => [from * ratio, to]),
            criteria,
          ),
        )
      }),
  )
}

/** The contests between two runs: each arm against its namesake, by their trials, which are no pairs. */
export function contestsBetween(
  base: ResultDocument,
  head: ResultDocument,
  order: ContestOrder,
): Contest[] {
  return each(head, order).flatMap(({ metric, phase }) =>
    head.plan.arms
      .filter(({ name }) => name !== head.plan.control)
      .filter(({ name }) => comparable(head, name, { metric, phase }))
      .filter(({ name }) => comparable(base, name, { metric, phase }))
      .flatMap(({ name }) =>
        between(base, head, { metric, phase, arm: name, margin: order.margin(metric) }),
      ),
  )
}

/** One contest between two runs; none where a side has fewer than two trials that count. */
export function between(
  base: ResultDocument,
  head: ResultDocument,
  { metric, phase, arm, margin }: Pick<Contest, 'metric' | 'phase' | 'arm' | 'margin'>,
): Contest[] {
  const [from, to] = [base, head].map(({ trials }) =>
    [...valuesOf(trials, arm, { metric, phase }).values()].filter((value) => value > 0),
  ) as [number[], number[]]
  if (from.length < 2 || to.length < 2) return []
  const baseValue = findingOf(base, arm, phase)?.metrics[metric]?.center
  return contest(
    { metric, phase, arm, base: arm, margin, ...(baseValue !== undefined && { baseValue }) },
    (ratio, criteria) =>
      compareIndependent(
        from.map((value) => value * ratio),
        to,
        criteria,
      ),
  )
}

/** Their answers as they are stored; the contests of one metric in one phase are a family (Holm). */
export function answers(contests: readonly Contest[]): Stored[] {
  const families = Map.groupBy(contests, ({ metric, phase }) => `${metric} ${phase}`)
  return [...families.values()].flatMap((family) => {
    const judged = asFamily(family.map((one) => one.hold()))
    return family.map(({ metric, phase, arm, base, baseValue }, i): Stored => {
      const { ratio, margin, answer, p } = judged[i] as Comparison
      const value = baseValue === undefined ? {} : { baseValue }
      return { metric, phase, arm, base, ...value, ratio, margin, answer, p }
    })
  })
}

/** What an arm came to in a phase. */
export function findingOf(document: ResultDocument, arm: string, phase: Phase) {
  return document.findings.find((one) => one.arm === arm && one.phase === phase)
}

type Hold = (ratio: number, criteria: Parameters<typeof compare>[1]) => Comparison

function contest(named: Omit<Contest, 'hold' | 'holdAt'>, hold: Hold): Contest[] {
  const { better } = metrics[named.metric]
  return [
    {
      ...named,
      hold: () => hold(1, { better, margin: named.margin }),
      // The limit has taken the margin's place: beyond it any difference is one.
      holdAt: (ratio) => hold(ratio, { better, margin: 0 }),
    },
  ]
}

function each({ plan }: ResultDocument, { metrics: wanted }: ContestOrder) {
  return wanted.flatMap((metric) =>
    phasesFor(metric, plan.phases).map((phase) => ({ metric, phase })),
  )
}

/** Oversubscribed arms are never compared, nor is what the trials were too few or too bad to print. */
function comparable(
  document: ResultDocument,
  arm: string,
  { metric, phase }: Pick<Contest, 'metric' | 'phase'>,
): boolean {
  const finding = findingOf(document, arm, phase)
  return finding?.validity === 'valid' && finding.metrics[metric] !== undefined
}
