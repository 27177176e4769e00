/**
 * Whether a trial at a rate met the objective. `invalid`: the host or the driver disturbed it, so it is no evidence
 * and is repeated.
 */
export type TrialOutcome = 'met' | 'missed' | 'invalid'

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
}

/** The rules of `lb capacity`, but for the rates. */
export const capacityRules = {
  goalWidth: 0.02,
  trials: 3,
  exceedRatio: 0.5,
  confirm: 5,
  maxInvalidInARow: 3,
  maxTrials: 150,
} as const satisfies Partial<SearchRules>

/** The trials at one rate. */
interface TriedRate {
  readonly rate: number
  readonly met: number
  readonly missed: number
  readonly invalid: number
  /** Invalid trials since the last valid one. */
  readonly invalidInARow: number
}

/** Why a search ended. `rate limit`: the objective is met at the highest rate that the driver can send. */
type SearchEnd = 'goal width' | 'rate limit' | 'out of reach' | 'invalid trials' | 'trials'

/** What to do next: one more trial, or nothing. */
type SearchStep =
  | {
      readonly do: 'measure'
      readonly rate: number
      readonly why: 'double' | 'halve' | 'bisect' | 'repeat' | 'confirm'
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
  readonly next: SearchStep
}

/**
 * Begins a search: doubles until the objective fails, bisects geometrically, confirms both bounds.
 *
 * Source: Konstantynowicz and Polák, Multiple Loss Ratio Search, draft-ietf-bmwg-mlrsearch.
 */
export function beginSearch(rules: SearchRules): CapacitySearch {
  return proceed(rules, [])
}

/** The search after the trial that it requested. A search that has ended stays unchanged. */
export function recordTrial(search: CapacitySearch, outcome: TrialOutcome): CapacitySearch {
  const { rules, tried, next } = search
  if (next.do === 'end') return search
  const { rate } = next
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
  }
  const others = tried.filter((one) => one.rate !== rate)
  return proceed(
    rules,
    [...others, after].sort((a, b) => a.rate - b.rate),
  )
}

/** Upper bound of the trials of a search in which none is invalid or contradicts another, for a schedule; often half of them are enough. */
export function expectedTrials(rules: SearchRules): number {
  const start = Math.min(rules.start, rules.maxRate)
  const steps = Math.ceil(Math.log2(Math.max(rules.maxRate / start, start / rules.minRate))) + 1
  const bisections = Math.ceil(Math.log2(Math.LN2 / Math.log1p(rules.goalWidth)))
  const expected = rules.trials * (steps + bisections) + 2 * (rules.confirm - rules.trials)
  return Math.min(rules.maxTrials, expected)
}

/** Whether a rate meets the objective or fails it; undefined while the missing trials could still decide either way. */
function decide(
  { met, missed }: TriedRate,
  { trials, exceedRatio }: SearchRules,
): 'meets' | 'fails' | undefined {
  const planned = Math.max(trials, met + missed)
  const missing = planned - met - missed
  if (missed > exceedRatio * planned) return 'fails'
  return missed + missing <= exceedRatio * planned ? 'meets' : undefined
}

function proceed(rules: SearchRules, tried: readonly TriedRate[]): CapacitySearch {
  const decided = tried.map((one) => ({ ...one, decision: decide(one, rules) }))
  const high = decided.find(({ decision }) => decision === 'fails')
  const low = decided.findLast(
    ({ rate, decision }) => decision === 'meets' && rate < (high?.rate ?? Number.POSITIVE_INFINITY),
  )
  return {
    rules,
    tried,
    low: low?.rate,
    high: high?.rate,
    next: stepAfter({ rules, tried, low, high, open: decided.find((one) => !one.decision) }),
  }
}

interface Position {
  readonly rules: SearchRules
  readonly tried: readonly TriedRate[]
  readonly low: TriedRate | undefined
  readonly high: TriedRate | undefined
  /** A rate without a decision. */
  readonly open: TriedRate | undefined
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
function move({ rules, low, high }: Position): SearchStep {
  if (!low && !high) {
    return { do: 'measure', rate: Math.min(rules.start, rules.maxRate), why: 'double' }
  }
  if (low && !high) {
    if (low.rate >= rules.maxRate) return confirm(rules, [low]) ?? end('rate limit')
    return { do: 'measure', rate: Math.min(2 * low.rate, rules.maxRate), why: 'double' }
  }
  if (high && !low) {
    if (high.rate <= rules.minRate) return confirm(rules, [high]) ?? end('out of reach')
    return { do: 'measure', rate: Math.max(high.rate / 2, rules.minRate), why: 'halve' }
  }
  const ends = [low as TriedRate, high as TriedRate] as const
  const near = ends[1].rate <= ends[0].rate * (1 + rules.goalWidth) * (1 + 1e-12)
  if (near) return confirm(rules, ends) ?? end('goal width')
  return { do: 'measure', rate: Math.sqrt(ends[0].rate * ends[1].rate), why: 'bisect' }
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
