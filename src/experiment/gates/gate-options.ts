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
  /** Arms of the other run; undefined within one run. */
  readonly baseArms?: readonly BaseArm[] | undefined
  /** Why no comparison can pass, although one may fail; undefined where they can. */
  readonly noPass?: Reason | undefined
  /** Why a comparison is no evidence, whatever its outcome; undefined where it is. */
  doubt?(one: ComparisonCase): Reason | undefined
}

/** An arm of the run to compare with. */
interface BaseArm {
  readonly name: string
  readonly hasValidTrial: boolean
}
