import type { Finding, Summary } from './document.ts'
import type { MetricName } from './metrics.ts'
import type { Remark } from './remark.ts'
import type { OrderReason, TrendReason } from './trend-reason.ts'

/** Whether a measured trend is the documented one. `inconclusive`: the trials do not decide. `not judged`: `reason` says why. */
export type TrendOutcome = 'agrees' | 'differs' | 'inconclusive' | 'not judged'

/** The trend from a base row to another one: their ratio or, in a scaling table, the efficiency of the step. */
export interface Trend {
  readonly outcome: TrendOutcome
  /** Name of the base row. */
  readonly base: string
  /** Documented ratio to the base row; in a scaling table that ratio ÷ the growth in cores. */
  readonly documented: number
  /** The same as measured, from the pairs of each block. */
  readonly measured?: Summary
  readonly reason?: TrendReason
}

/** One documented figure beside the measured one. */
export interface ReproducedRow {
  /** Name of the row in the document. */
  readonly name: string
  /** As documented, and in the base unit of the metric. */
  readonly documented: { readonly text: string; readonly value: number }
  readonly documentedCores: number
  /** Cores of the arm that was measured. */
  readonly cores: number
  /** Oversubscribed: more cores than the host has; never judged. */
  readonly validity: Finding['validity'] | 'not measured'
  /** Whether the measured throughput is a lower bound, because the target was not the bottleneck. */
  readonly isLowerBound: boolean
  /** In the base unit of the metric. */
  readonly measured?: Summary
  /** Upper bound of the requests per second that the CPU time of a request allows, for rows beyond the host's cores. */
  readonly projection?: Summary
  /** Unit of the document, and that unit in base units. */
  readonly unit: string
  readonly divisor: number
  /** Absent for the base row. */
  readonly trend?: Trend
}

/** Two rows that are documented more than δ apart. */
export interface OrderedPair {
  /** The row documented as more, and the one documented as less. */
  readonly more: string
  readonly less: string
  readonly outcome: TrendOutcome
  /** Absent where the order agrees. */
  readonly reason?: OrderReason
}

/** The order of the rows of a table, by all pairs that are documented more than δ apart. */
export interface RowOrder {
  readonly outcome: TrendOutcome
  /** From the highest documented figure down; `>` where the next one is more than δ lower, otherwise `≈`. */
  readonly documented: readonly { readonly row: string; readonly next?: '>' | '≈' }[]
  /** δ, as a fraction. */
  readonly margin: number
  readonly pairs: readonly OrderedPair[]
}

/** What a reader must know of a table. */
export type TableNote =
  /** Documented on so many cores, measured on others. */
  | {
      readonly code: 'cores-differ'
      readonly values: {
        readonly documented: readonly number[]
        readonly measured: readonly number[]
      }
    }
  /** Shares of CPU are judged by CPU time per request. */
  | { readonly code: 'judged-by-cpu-time'; readonly values: Readonly<Record<string, never>> }

/** A documented table, measured again. */
export interface ReproducedTable {
  readonly title: string
  readonly metric: MetricName
  /** `scaling`: throughput of one arm over cores, judged by the efficiency of each step. */
  readonly kind: 'ratios' | 'scaling'
  readonly rows: readonly ReproducedRow[]
  readonly order?: RowOrder
  readonly notes: readonly TableNote[]
}

/** Documented tables beside the measured ones. */
export interface Reproduction {
  /** Title of the document. */
  readonly title: string
  /** The documented machine, as the document describes it. */
  readonly documentedHost?: string
  readonly tables: readonly ReproducedTable[]
  readonly remarks: readonly Remark[]
}
