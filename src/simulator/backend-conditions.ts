import type { SimulatedBackend } from './options.ts'

/** The state of the backends besides their load, which faults change; by row. */
export class BackendConditions {
  /** 1: every attempt fails at once. */
  readonly isUnreachable: Uint8Array
  /** 1: responses are held back. */
  readonly isHolding: Uint8Array
  /** Fraction of the requests that fail after their service. */
  readonly errorShare: Float64Array
  #anyErrors: boolean

  constructor(backends: readonly SimulatedBackend[]) {
    this.isUnreachable = new Uint8Array(backends.length)
    this.isHolding = new Uint8Array(backends.length)
    this.errorShare = Float64Array.from(backends, ({ errorRate = 0 }) => errorRate)
    this.#anyErrors = this.errorShare.some((share) => share > 0)
  }

  /** Whether there are or were backends with errors: without any, a response needs not look at its own. */
  get anyErrors(): boolean {
    return this.#anyErrors
  }

  setErrors(row: number, share: number): void {
    this.errorShare[row] = share
    if (share > 0) this.#anyErrors = true
  }
}
