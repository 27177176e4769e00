import type { Phase } from '../plan/plan.ts'

/** How many blocks a precision will take, and how long: said once, when it can first be known. */
export interface Forecast {
  readonly phase: Phase
  /** Half-width that was asked for, as a fraction. */
  readonly precision: number
  /** Blocks, those that are over included, if the host stays as noisy as it was. */
  readonly expected: number
  /** Blocks if it is as noisy as so few of them could hide. */
  readonly atMost: number
  /** Blocks after which the phase ends in any case. */
  readonly planned: number
  readonly secondsPerBlock: number
}
