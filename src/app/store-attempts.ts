/** Places at which a result is stored, each tried whatever happened at the others. */
interface StoreAttempts {
  /** Paths that were written. */
  readonly files: string[]
  readonly errors: Error[]
  /** Stores at one place; `store` returns its path. */
  attempt(store: () => Promise<string>): Promise<void>
}

/** No attempts yet. */
export function storeAttempts(): StoreAttempts {
  const files: string[] = []
  const errors: Error[] = []
  return {
    files,
    errors,
    async attempt(store) {
      try {
        files.push(await store())
      } catch (error) {
        errors.push(error as Error)
      }
    },
  }
}
