/** Statuses that k6 does not count as failed: `http.expectedStatuses`. */
export class ExpectedStatuses {
  readonly #ranges: readonly { readonly min: number; readonly max: number }[]

  /** @param statuses numbers, and ranges with both ends */
  constructor(statuses: readonly unknown[]) {
    this.#ranges = statuses.map((one) => {
      const { min, max } =
        typeof one === 'number'
          ? { min: one, max: one }
          : ((one ?? {}) as Readonly<Record<string, unknown>>)
      if (typeof min !== 'number' || typeof max !== 'number')
        throw new TypeError(
          `http.expectedStatuses(${JSON.stringify(one)}): write 200 or { min: 200, max: 399 }`,
        )
      return { min, max }
    })
  }

  has(status: number): boolean {
    return this.#ranges.some(({ min, max }) => status >= min && status <= max)
  }
}

/** What a script gives as `responseCallback`; null: no status is a failure. */
export type ResponseCallback = ExpectedStatuses | null

/** Reads a callback of a script, which only `http.expectedStatuses` makes, as in k6. */
export function responseCallback(given: unknown): ResponseCallback {
  if (given === null || given instanceof ExpectedStatuses) return given
  throw new TypeError('a response callback is made by http.expectedStatuses(), or is null')
}
