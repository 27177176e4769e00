import type { Summary } from './document.ts'
import type { MetricName } from './metrics.ts'

/** Whether what was measured has the shape of what was documented. */
export interface Shape {
  /** `unclear`: the trials do not tell. `not judged`: they could not, `because` says why. */
  readonly answer: 'agrees' | 'differs' | 'inconclusive' | 'not judged'
  /** Documented ratio to the row `against`; in a scaling figure the efficiency, that ÷ the growth in cores. */
  readonly documented: number
  readonly against: string
  /** The same as measured, from the pairs of each block. */
  readonly measured?: Summary
  readonly because?: string
}

/** One documented figure beside what was measured. */
export interface ReproducedRow {
  /** Name of the row in the document. */
  readonly name: string
  /** As it was documented, and in the base unit. */
  readonly documented: { readonly text: string; readonly value: number }
  readonly documentedCores: number
  /** Cores that it was measured on. */
  readonly cores: number
  /** Oversubscribed: more cores than the host has; never judged. */
  readonly standing: 'valid' | 'oversubscribed' | 'invalid' | 'not measured'
  /** Whether something other than the target limited the throughput. */
  readonly isLowerBound: boolean
  /** In the base unit of the metric. */
  readonly measured?: Summary
  /** Requests per second that the CPU cost of a request allows at most on so many cores, where the host has fewer. */
  readonly projection?: Summary
  /** Unit of the document, and how much of the base unit that is. */
  readonly unit: string
  readonly divisor: number
  /** Absent for the row that the others are held against. */
  readonly shape?: Shape
}

/** The order of a table's rows, by all their pairs. */
export interface RowOrder {
  readonly answer: Shape['answer']
  /** As documented: `Round robin ≈ Weighted > Least connections`. */
  readonly documented: string
  /** A sentence for each pair that says otherwise, or does not say. */
  readonly because: readonly string[]
}

/** A documented table, made again. */
export interface ReproducedTable {
  readonly title: string
  readonly metric: MetricName
  /** `scaling`: throughput of one arm over cores, judged by the efficiency of each step. */
  readonly kind: 'ratios' | 'scaling'
  readonly rows: readonly ReproducedRow[]
  readonly order?: RowOrder
  readonly notes: readonly string[]
}

/** What the documented figures say of themselves. */
export interface Remark {
  /** `contradiction`: they cannot all be true. `implication`: what must have been, though it is not said. */
  readonly kind: 'contradiction' | 'implication'
  /** The law behind it. */
  readonly check:
    | 'same thing twice'
    | "Little's law"
    | 'load'
    | 'efficiency'
    | 'utilisation law'
    | 'saturation'
  /** A full sentence with the figures. */
  readonly text: string
}

/** Documented tables beside the same ones as measured here. */
export interface Reproduction {
  /** Title of the document. */
  readonly title: string
  /** The machine that was documented, in words. */
  readonly documentedHost?: string
  readonly tables: readonly ReproducedTable[]
  readonly remarks: readonly Remark[]
}
