import type { Leaf } from '../../result/diagnosis.ts'
import type { Evidence } from './observed.ts'

/** What looking for a symptom found: the figures, and the leaves that were reached; or why there are no figures. */
type Examined =
  | { readonly found: string; readonly leaves: readonly Leaf[] }
  | { readonly missing: string }

/** A symptom as a user sees it, with the decision tree below it: a pure function of the evidence. */
export interface Symptom {
  readonly name: string
  /** The name in words, for reports. */
  readonly title: string
  examine(evidence: Evidence): Examined
}
