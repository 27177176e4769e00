/** Nothing beyond the code. */
type Nothing = Record<string, never>

/** What qualifies an estimate: a code and its figures, which reports word. */
export type SummaryWarning =
  /** So few trials give a range, no interval. */
  | { code: 'too-few-trials'; values: { trials: number } }
  /** The percentile of all requests merged lies outside the interval of a typical trial's. */
  | { code: 'percentile-uneven'; values: Nothing }
  /** A test of so few pairs cannot reach the level, whatever their values. */
  | { code: 'too-few-pairs'; values: { pairs: number; needed: number; confidence: number } }
  /** A rank-sum test of so few trials cannot reach the level, whatever their values. */
  | {
      code: 'too-few-trials-per-side'
      values: { base: number; head: number; needed: number; confidence: number }
    }
  /** The reference load is not shown to cost the same beside both arms: `center` is the ratio of its costs. */
  | { code: 'yardstick-not-equal'; values: { center: number; low: number; high: number } }
  /** One of two arms kept its CPUs busy and the other left them idle, where the reference load costs more or less. */
  | { code: 'yardstick-one-arm-idle'; values: Nothing }
  /** The interval of a projection has no upper end. */
  | { code: 'no-upper-bound'; values: Nothing }
