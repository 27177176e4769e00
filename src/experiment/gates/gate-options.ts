import type { Reason } from '../../result/reason.ts'
import type { ComparisonCase } from './comparison-case.ts'
import type { GateRule } from './gate-rule.ts'

/** The rules to apply to a run, and the evidence for those on a change. */
export interface GateOptions {
  readonly rules: readonly GateRule[]
  /** Whether an inconclusive gate fails. */
  readonly strict: boolean
  /** The comparisons that rules on a change are applied to. */
  readonly cases: readonly ComparisonCase[]
  /** Why a comparison is no evidence, whatever its outcome; undefined where it is. */
  doubt?(one: ComparisonCase): Reason | undefined
}
