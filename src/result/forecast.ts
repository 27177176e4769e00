import type { Phase } from '../plan/plan.ts'

/** The number of blocks that a precision will take, estimated once during the run. */
export interface Forecast {
  readonly phase: Phase
  /** Requested half-width, as a fraction. */
  readonly precision: number
  /** Blocks in total if the host stays as noisy as it was. */
  readonly expected: number
  /** Blocks in total if the noise is at the upper end of its confidence interval. */
  readonly atMost: number
  /** Blocks in the plan: the phase ends after them in any case. */
  readonly planned: number
  readonly secondsPerBlock: number
}
