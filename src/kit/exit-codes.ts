/** What `lb` says to the shell. Documented once, here and in docs/reference/exit-codes.md. */
export const exitCodes = {
  /** It did what was asked. */
  fine: 0,
  /** Something failed that was not the caller's doing. */
  error: 1,
  /** The flags, a file or a configuration are not usable. */
  usage: 2,
  /** The benchmark ran, but its numbers cannot be trusted. */
  invalid: 97,
  /** A gate found a regression. */
  regression: 98,
  /** A check that was asked for failed. */
  checksFailed: 99,
  /** Interrupted by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
