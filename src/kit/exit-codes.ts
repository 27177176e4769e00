/** The exit codes of `lb`. Documented once, here and in docs/reference/exit-codes.md. */
export const exitCodes = {
  /** The command succeeded. */
  fine: 0,
  /** A failure that is not the user's mistake. */
  error: 1,
  /** The flags, a file or a configuration cannot be used. */
  usage: 2,
  /** The benchmark ran, but no trial is valid. */
  invalid: 97,
  /** A gate found a regression. */
  regression: 98,
  /** A gate on a value failed. */
  checksFailed: 99,
  /** Interrupted by SIGINT (Ctrl-C), SIGTERM or SIGHUP. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
