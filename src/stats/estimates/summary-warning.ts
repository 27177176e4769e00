/** Nothing beyond the code. */
type Nothing = Record<string, never>

/** What qualifies an estimate: a code and its figures, which reports word. */
export type SummaryWarning =
  /** So few trials give a range, no interval. */
  | { code: 'too-few-trials'; values: { trials: number } }
  /** The merged percentile lies outside the interval of the trials' own. */
  | { code: 'percentile-uneven'; values: Nothing }
  /** A test of so few pairs cannot reach the level, whatever their values. */
  | { code: 'too-few-pairs'; values: { pairs: number; needed: number; confidence: number } }
  /** A rank-sum test of so few trials cannot reach the level, whatever their values. */
  | {
      code: 'too-few-trials-per-side'
      values: { base: number; head: number; needed: number; confidence: number }
    }
  /** The interval of a projection has no upper end. */
  | { code: 'no-upper-bound'; values: Nothing }
