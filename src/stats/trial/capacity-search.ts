/**
 * What one trial at a rate said of the objective. `spoilt`: the host or the driver failed, so it said
 * nothing and is repeated.
 */
export type TrialOutcome = 'held' | 'missed' | 'spoilt'

/** How to search for the highest rate that holds an objective. Rates in requests per second. */
export interface SearchRules {
  /** Rate to begin with. */
  readonly start: number
  /** Rate below which the objective counts as out of reach. */
  readonly minRate: number
  /** Highest rate that the driver can send. */
  readonly maxRate: number
  /** Relative distance of the two edges at which the search ends: 0.02. */
  readonly goalWidth: number
  /** Trials that decide about a rate: 3. Fewer, where the rest could not change the decision. */
  readonly trials: number
  /** Share of missed trials above which a rate fails: 0.5. */
  readonly exceedRatio: number
  /** Trials at each of the two edges before they are believed: 5. */
  readonly confirm: number
  /** Spoilt trials in a row at one rate after which the search gives up: 3. */
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

/** What was seen at one rate. */
interface TriedRate {
  readonly rate: number
  readonly held: number
  readonly missed: number
  readonly spoilt: number
  /** Spoilt trials since the last that was not. */
  readonly spoiltInARow: number
}

/** Why a search ended. `rate limit`: the objective holds at the most that the driver can send. */
type SearchEnd = 'goal width' | 'rate limit' | 'out of reach' | 'spoilt' | 'trials'

/** What to do next: one more trial, or nothing. */
type SearchStep =
  | {
      readonly do: 'measure'
      readonly rate: number
      readonly why: 'double' | 'halve' | 'bisect' | 'repeat' | 'confirm'
    }
  | { readonly do: 'end'; readonly reason: SearchEnd }

/** A search under way: all that was seen, and what comes next. Plain data, so that it can be stored. */
export interface CapacitySearch {
  readonly rules: SearchRules
  /** By rate, ascending. */
  readonly tried: readonly TriedRate[]
  /** The highest rate that held below every rate that failed. */
  readonly low: number | undefined
  /** The lowest rate that failed: where the curve is not monotone, it wins. */
  readonly high: number | undefined
  readonly next: SearchStep
}

/**
 * Begins a search: doubles until the objective fails, bisects geometrically, confirms both edges.
 *
 * Source: Konstantynowicz and Polák, Multiple Loss Ratio Search, draft-ietf-bmwg-mlrsearch.
 */
export function beginSearch(rules: SearchRules): CapacitySearch {
  return proceed(rules, [])
}

/** The search after the trial that it asked for. A search that ended stays as it is. */
export function recordTrial(search: CapacitySearch, outcome: TrialOutcome): CapacitySearch {
  const { rules, tried, next } = search
  if (next.do === 'end') return search
  const { rate } = next
  const before = tried.find((one) => one.rate === rate) ?? {
    rate,
    held: 0,
    missed: 0,
    spoilt: 0,
    spoiltInARow: 0,
  }
  const after: TriedRate = {
    ...before,
    [outcome]: before[outcome] + 1,
    spoiltInARow: outcome === 'spoilt' ? before.spoiltInARow + 1 : 0,
  }
  const others = tried.filter((one) => one.rate !== rate)
  return proceed(
    rules,
    [...others, after].sort((a, b) => a.rate - b.rate),
  )
}

/** The most trials that a search takes where none is spoilt or speaks against the others, for a schedule: it may take half. */
export function expectedTrials(rules: SearchRules): number {
  const start = Math.min(rules.start, rules.maxRate)
  const steps = Math.ceil(Math.log2(Math.max(rules.maxRate / start, start / rules.minRate))) + 1
  const bisections = Math.ceil(Math.log2(Math.LN2 / Math.log1p(rules.goalWidth)))
  const expected = rules.trials * (steps + bisections) + 2 * (rules.confirm - rules.trials)
  return Math.min(rules.maxTrials, expected)
}

/**
 * Whether a rate holds the objective or fails it: undefined while trials that are missing could turn it
 * either way.
 */
function decide(
  { held, missed }: TriedRate,
  { trials, exceedRatio }: SearchRules,
): 'holds' | 'fails' | undefined {
  const whole = Math.max(trials, held + missed)
  const missing = whole - held - missed
  if (missed > exceedRatio * whole) return 'fails'
  return missed + missing <= exceedRatio * whole ? 'holds' : undefined
}

function proceed(rules: SearchRules, tried: readonly TriedRate[]): CapacitySearch {
  const decided = tried.map((one) => ({ ...one, decision: decide(one, rules) }))
  const high = decided.find(({ decision }) => decision === 'fails')
  const low = decided.findLast(
    ({ rate, decision }) => decision === 'holds' && rate < (high?.rate ?? Number.POSITIVE_INFINITY),
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
  /** A rate that is not decided yet. */
  readonly open: TriedRate | undefined
}

function stepAfter(position: Position): SearchStep {
  const { rules, tried, open } = position
  const trials = tried.reduce((sum, { held, missed, spoilt }) => sum + held + missed + spoilt, 0)
  if (tried.some(({ spoiltInARow }) => spoiltInARow >= rules.maxInvalidInARow)) return end('spoilt')
  if (trials >= rules.maxTrials) return end('trials')
  return open ? { do: 'measure', rate: open.rate, why: 'repeat' } : move(position)
}

/** The next rate, once all that were tried are decided. */
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
  const edges = [low as TriedRate, high as TriedRate] as const
  const near = edges[1].rate <= edges[0].rate * (1 + rules.goalWidth) * (1 + 1e-12)
  if (near) return confirm(rules, edges) ?? end('goal width')
  return { do: 'measure', rate: Math.sqrt(edges[0].rate * edges[1].rate), why: 'bisect' }
}

/** One more trial at the edge that has fewer, in turns so that a drift of the host meets both. */
function confirm(rules: SearchRules, edges: readonly TriedRate[]): SearchStep | undefined {
  const count = ({ held, missed }: TriedRate) => held + missed
  const next = edges.reduce((a, b) => (count(b) < count(a) ? b : a))
  return count(next) < rules.confirm
    ? { do: 'measure', rate: next.rate, why: 'confirm' }
    : undefined
}

function end(reason: SearchEnd): SearchStep {
  return { do: 'end', reason }
}
