import type { World } from './options.ts'

/** Retries in flight that are always allowed. */
const minRetries = 3

/** The attempts after the first of a request: how many are allowed, and which backends they must not go to. */
export class FurtherAttempts {
  readonly #retries: number
  readonly #budget: number
  /** Rows that each request was sent to, of requests that failed once or were hedged. */
  readonly #tried = new Map<number, Set<number>>()
  #inFlight = 0

  constructor({ retries = 0, retryBudget = 0.2 }: World['clients']) {
    this.#retries = retries
    this.#budget = retryBudget
  }

  /** Whether a request whose attempts so far have failed is sent again, while so many requests are in the system. */
  mayRetry(tries: number, inSystem: number): boolean {
    return tries <= this.#retries && this.#inFlight < Math.max(minRetries, this.#budget * inSystem)
  }

  /** The rows that a request must not be sent to; undefined: none. */
  tried(request: number): ReadonlySet<number> | undefined {
    return this.#tried.size === 0 ? undefined : this.#tried.get(request)
  }

  exclude(request: number, row: number): void {
    const rows = this.#tried.get(request) ?? new Set()
    this.#tried.set(request, rows.add(row))
  }

  /** One of them was sent. */
  began(): void {
    this.#inFlight++
  }

  /** One of them is over. */
  ended(): void {
    this.#inFlight--
  }

  /** A request is over. */
  forget(request: number): void {
    if (this.#tried.size > 0) this.#tried.delete(request)
  }
}
