import type { EdgeEstimate } from '../regression/edge-estimate.ts'
import {
  capacityEstimate,
  isStep,
  type SeenTrial,
  type TrialEvidence,
} from './capacity-estimate.ts'

/**
 * Whether a trial at a rate met the objective. `invalid`: the host or the driver disturbed it, so it is no evidence
 * and is repeated.
 */
export type TrialOutcome = 'met' | 'missed' | 'invalid'

/** An outcome, alone or with what an estimate of the edge is made of. */
export type RecordedTrial = TrialOutcome | (TrialEvidence & { readonly outcome: TrialOutcome })

/** How to search for the highest rate that meets an objective. Rates in requests per second. */
export interface SearchRules {
  /** First rate. */
  readonly start: number
  /** Minimum rate: below it the objective counts as out of reach. */
  readonly minRate: number
  /** Maximum rate of the driver. */
  readonly maxRate: number
  /** Relative distance of the two bounds at which the search ends: 0.02. */
  readonly goalWidth: number
  /** Trials per rate: 3. Fewer where the others could not change the decision. */
  readonly trials: number
  /** Fraction of missed trials above which a rate fails: 0.5. */
  readonly exceedRatio: number
  /** Trials at each of the two bounds that confirm them: 5. */
  readonly confirm: number
  /** Invalid trials in a row at one rate after which the search stops: 3. */
  readonly maxInvalidInARow: number
  /** Trials after which it ends in any case. */
  readonly maxTrials: number
  /** Ratio of two neighbouring rates below the bracket, down to half of it, above which a rate between them is tried: 1.15. */
  readonly maxGap: number
  /** Maximum number of trials around the edge that refine its estimate: 40. */
  readonly refine: number
  /** Minimum number of trials of an estimate: 15. */
  readonly minForEstimate: number
  /** Half-width of the estimate's interval at which the search ends, as a fraction: 0.03. */
  readonly precision: number
  /** Fraction of the requests that may lie beyond the limit of each objective; without it nothing is estimated. */
  readonly allowed?: readonly number[]
}

/** The rules of `lb capacity`, but for the rates. */
export const capacityRules = {
  goalWidth: 0.02,
  trials: 3,
  exceedRatio: 0.5,
  confirm: 5,
  maxInvalidInARow: 3,
  maxTrials: 150,
  maxGap: 1.15,
  refine: 40,
  minForEstimate: 15,
  precision: 0.03,
} as const satisfies Partial<SearchRules>

/** The trials at one rate. */
interface TriedRate {
  readonly rate: number
  readonly met: number
  readonly missed: number
  readonly invalid: number
  /** Invalid trials since the last valid one. */
  readonly invalidInARow: number
  /** `probe`: below the bracket, where one trial that meets the objective is enough. `refine`: part of the estimate only. */
  readonly purpose?: 'probe' | 'refine'
}

/** Why a search ended. `rate limit`: the objective is met at the highest rate that the driver can send. */
type SearchEnd = 'goal width' | 'rate limit' | 'out of reach' | 'invalid trials' | 'trials'

/** What to do next: one more trial, or nothing. */
type SearchStep =
  | {
      readonly do: 'measure'
      readonly rate: number
      readonly why: 'double' | 'halve' | 'bisect' | 'repeat' | 'confirm' | 'probe' | 'refine'
    }
  | { readonly do: 'end'; readonly reason: SearchEnd }

/** The state of a search: the trials so far, and the next step. Plain data, so that it can be stored. */
export interface CapacitySearch {
  readonly rules: SearchRules
  /** In rising order of the rate. */
  readonly tried: readonly TriedRate[]
  /** The highest rate that meets the objective, below every rate that fails. */
  readonly low: number | undefined
  /** The lowest rate that fails: where the curve is not monotone, it decides. */
  readonly high: number | undefined
  /** What the valid trials showed, as far as that was recorded. */
  readonly seen: readonly SeenTrial[]
  /** The rate at which the objective is just met, with its interval, from the trials around it. */
  readonly estimate: EdgeEstimate | undefined
  readonly next: SearchStep
}

/**
 * Begins a search: doubles until the objective fails, bisects geometrically, confirms both bounds, tries rates between
 * half of the lower bound and it, and, where trials on either side of the edge contradict each other, estimates the edge.
 *
 * Source: Konstantynowicz and Polák, Multiple Loss Ratio Search, draft-ietf-bmwg-mlrsearch.
 */
export function beginSearch(rules: SearchRules): CapacitySearch {
  return proceed(rules, [], [])
}

/** The search after the trial that it requested. A search that has ended stays unchanged. */
export function recordTrial(search: CapacitySearch, recorded: RecordedTrial): CapacitySearch {
  const { rules, tried, next } = search
  const { outcome, ...evidence } =
    typeof recorded === 'string' ? { outcome: recorded, requests: 0, shares: [] } : recorded
  if (next.do === 'end') return search
  const { rate, why } = next
  const before = tried.find((one) => one.rate === rate) ?? {
    rate,
    met: 0,
    missed: 0,
    invalid: 0,
    invalidInARow: 0,
  }
  const after: TriedRate = {
    ...before,
    [outcome]: before[outcome] + 1,
    invalidInARow: outcome === 'invalid' ? before.invalidInARow + 1 : 0,
    ...((why === 'probe' || why === 'refine') && { purpose: why }),
  }
  const others = tried.filter((one) => one.rate !== rate)
  const isEvidence = outcome !== 'invalid' && evidence.requests > 0
  return proceed(
    rules,
    [...others, after].sort((a, b) => a.rate - b.rate),
    isEvidence ? [...search.seen, { rate, ...evidence }] : search.seen,
  )
}

/** Upper bound of the trials of a search in which none is invalid or contradicts another, for a schedule; often half of them are enough. */
export function expectedTrials(rules: SearchRules): number {
  const start = Math.min(rules.start, rules.maxRate)
  const steps = Math.ceil(Math.log2(Math.max(rules.maxRate / start, start / rules.minRate))) + 1
  const bisections = Math.ceil(Math.log2(Math.LN2 / Math.log1p(rules.goalWidth)))
  const probes = Math.ceil(Math.LN2 / Math.log(Math.sqrt(rules.maxGap)))
  const expected =
    rules.trials * (steps + bisections) +
    2 * (rules.confirm - rules.trials) +
    probes +
    (rules.allowed === undefined ? 0 : rules.refine)
  return Math.min(rules.maxTrials, expected)
}

/** Whether a rate meets the objective or fails it; undefined while the missing trials could still decide either way. */
function decide(
  { met, missed, purpose }: TriedRate,
  { trials, exceedRatio }: SearchRules,
): 'meets' | 'fails' | undefined {
  if (purpose === 'probe' && met > 0 && missed === 0) return 'meets'
  const planned = Math.max(trials, met + missed)
  const missing = planned - met - missed
  if (missed > exceedRatio * planned) return 'fails'
  return missed + missing <= exceedRatio * planned ? 'meets' : undefined
}

function proceed(
  rules: SearchRules,
  tried: readonly TriedRate[],
  seen: readonly SeenTrial[],
): CapacitySearch {
  const decided = tried
    .filter(({ purpose }) => purpose !== 'refine')
    .map((one) => ({ ...one, decision: decide(one, rules) }))
  const high = decided.find(({ decision }) => decision === 'fails')
  const low = decided.findLast(
    ({ rate, decision }) => decision === 'meets' && rate < (high?.rate ?? Number.POSITIVE_INFINITY),
  )
  const estimate =
    low && high && rules.allowed
      ? capacityEstimate(seen, Math.sqrt(low.rate * high.rate), {
          allowed: rules.allowed,
          resolution: rules.goalWidth,
        })
      : undefined
  const open = decided.find((one) => !one.decision)
  return {
    rules,
    tried,
    low: low?.rate,
    high: high?.rate,
    seen,
    estimate,
    next: stepAfter({ rules, tried, seen, low, high, open, estimate }),
  }
}

interface Position {
  readonly rules: SearchRules
  readonly tried: readonly TriedRate[]
  readonly seen: readonly SeenTrial[]
  readonly low: TriedRate | undefined
  readonly high: TriedRate | undefined
  /** A rate without a decision. */
  readonly open: TriedRate | undefined
  readonly estimate: EdgeEstimate | undefined
}

function stepAfter(position: Position): SearchStep {
  const { rules, tried, open } = position
  const trials = tried.reduce((sum, { met, missed, invalid }) => sum + met + missed + invalid, 0)
  if (tried.some(({ invalidInARow }) => invalidInARow >= rules.maxInvalidInARow))
    return end('invalid trials')
  if (trials >= rules.maxTrials) return end('trials')
  return open ? { do: 'measure', rate: open.rate, why: 'repeat' } : move(position)
}

/** The next rate, once all rates so far are decided. */
function move(position: Position): SearchStep {
  const { rules, low, high } = position
  if (!low && !high) {
    return { do: 'measure', rate: Math.min(rules.start, rules.maxRate), why: 'double' }
  }
  if (low && !high) {
    if (low.rate >= rules.maxRate) {
      return confirm(rules, [low]) ?? probe(position, low) ?? end('rate limit')
    }
    return { do: 'measure', rate: Math.min(2 * low.rate, rules.maxRate), why: 'double' }
  }
  if (high && !low) {
    if (high.rate <= rules.minRate) return confirm(rules, [high]) ?? end('out of reach')
    return { do: 'measure', rate: Math.max(high.rate / 2, rules.minRate), why: 'halve' }
  }
  const ends = [low as TriedRate, high as TriedRate] as const
  const near = ends[1].rate <= ends[0].rate * (1 + rules.goalWidth) * (1 + 1e-12)
  if (near) return confirm(rules, ends) ?? probe(position, ends[0]) ?? refine(position, ends)
  return { do: 'measure', rate: Math.sqrt(ends[0].rate * ends[1].rate), why: 'bisect' }
}

/** A rate in the widest gap between half of the lower bound and it: the objective may be missed there. */
function probe({ rules, tried }: Position, low: TriedRate): SearchStep | undefined {
  const bottom = Math.max(low.rate / 2, rules.minRate)
  if (bottom >= low.rate) return undefined
  const inside = tried
    .filter(({ rate, purpose }) => rate > bottom && rate <= low.rate && purpose !== 'refine')
    .map(({ rate }) => rate)
  const gaps = inside.map((rate, i) => ({ from: inside[i - 1] ?? bottom, to: rate }))
  const widest = gaps.reduce((a, b) => (b.to / b.from > a.to / a.from ? b : a))
  return widest.to / widest.from > rules.maxGap
    ? { do: 'measure', rate: Math.sqrt(widest.from * widest.to), why: 'probe' }
    : undefined
}

/** One more trial at the bound with fewer, in turns, so that a drift of the host affects both. */
function confirm(rules: SearchRules, ends: readonly TriedRate[]): SearchStep | undefined {
  const count = ({ met, missed }: TriedRate) => met + missed
  const next = ends.reduce((a, b) => (count(b) < count(a) ? b : a))
  return count(next) < rules.confirm
    ? { do: 'measure', rate: next.rate, why: 'confirm' }
    : undefined
}

function end(reason: SearchEnd): SearchStep {
  return { do: 'end', reason }
}

/** Trials around the edge until its estimate is as precise as required; none where the edge is a step. */
function refine(
  { rules, tried, seen, estimate }: Position,
  [low, high]: readonly [TriedRate, TriedRate],
): SearchStep {
  if (rules.allowed === undefined || isStep(seen, [low.rate, high.rate], rules.allowed)) {
    return end('goal width')
  }
  if (
    estimate !== undefined &&
    estimate.n >= rules.minForEstimate &&
    Math.sqrt(estimate.high / estimate.low) - 1 <= rules.precision
  ) {
    return end('goal width')
  }
  const done = tried
    .filter(({ purpose }) => purpose === 'refine')
    .reduce((sum, { met, missed }) => sum + met + missed, 0)
  if (done >= rules.refine) return end('trials')
  const middle = estimate?.center ?? Math.sqrt(low.rate * high.rate)
  const distance = Math.min(maxDistance, Math.max(minDistance, 1.5 / (estimate?.slope ?? 10)))
  const rate = middle * Math.exp(done % 2 === 0 ? -distance : distance)
  return { do: 'measure', rate: Math.min(rate, rules.maxRate), why: 'refine' }
}

/** Distance of the rates that refine an estimate from it, as logarithms: the fraction changes by a factor of 4 or so. */
const [minDistance, maxDistance] = [0.01, 0.08]
