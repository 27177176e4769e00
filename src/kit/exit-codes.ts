/** The exit codes of `lb`. Documented once, here and in docs/reference/exit-codes.md. */
export const exitCodes = {
  /** The command succeeded. */
  fine: 0,
  /** A failure that is not the user's mistake. */
  error: 1,
  /** The flags, a file or a configuration cannot be used. */
  usage: 2,
  /** A gate is inconclusive, and none failed: nothing was compared, or the trials do not decide. */
  inconclusive: 96,
  /** The benchmark ran, but no trial is valid; or a stage of a load test was not sent as planned. */
  invalid: 97,
  /** A gate on a change failed: a regression, or an arm that the baseline lacks. */
  regression: 98,
  /** A gate on a value, or a threshold of a load test, failed. */
  checksFailed: 99,
  /** Interrupted by SIGINT (Ctrl-C), SIGTERM or SIGHUP. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
