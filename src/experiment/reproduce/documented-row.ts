import type { DocumentedMetric, Figure } from '../../plan/documented/figure.ts'
import type { Finding, Summary } from '../../result/document.ts'

/** A documented row with the finding of its arm. */
export interface DocumentedRow {
  readonly name: string
  /** Name of the arm in the plan. */
  readonly arm: string
  readonly figure: Figure
  readonly finding: Finding | undefined
  /** Metric of the table, and the one by which the row is judged. */
  readonly tableMetric: DocumentedMetric
  readonly judgedMetric: DocumentedMetric
  readonly cores: number
  readonly documentedCores: number
  /** Unit of the document, in base units. */
  readonly divisor: number
  /** The documented figure of the judged metric, in its base unit, with half of its last digit. */
  readonly documented: { readonly value: number; readonly slack: number }
  readonly projection: Summary | undefined
}
