/** How often the configuration was read again, and with what result. */
export interface ReloadReport {
  /** Times that it was applied. */
  readonly applied: number
  /** Times that it could not be used, so that the one before stayed in force. */
  readonly rejected: number
  /** Unix time in seconds at which the configuration in force was read. */
  readonly lastSuccess: number
  /** Why it was rejected when it was read last; undefined where it was applied. */
  readonly failure: string | undefined
}
