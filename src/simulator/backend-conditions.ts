import type { SimulatedBackend } from './options.ts'

/** The state of the backends besides their load, which faults change; by row. */
export class BackendConditions {
  /** 1: every attempt fails at once. */
  readonly isUnreachable: Uint8Array
  /** 1: responses are held back. */
  readonly isHolding: Uint8Array
  /** Fraction of the requests that fail after their service. */
  readonly errorShare: Float64Array

  constructor(backends: readonly SimulatedBackend[]) {
    this.isUnreachable = new Uint8Array(backends.length)
    this.isHolding = new Uint8Array(backends.length)
    this.errorShare = Float64Array.from(backends, ({ errorRate = 0 }) => errorRate)
  }
}
