/** An exit code of `lb`, and when a command ends with it. */
interface Described {
  readonly code: number
  /** Markdown, with links from docs/reference. */
  readonly meaning: string
}

/** The exit codes of `lb`, in ascending order; docs/reference/exit-codes.md is generated from them. */
export const describedExitCodes = {
  fine: { code: 0, meaning: 'The command succeeded.' },
  error: {
    code: 1,
    meaning: 'A failure that is not the user’s mistake: a process died, or there is a bug in `lb`.',
  },
  usage: {
    code: 2,
    meaning:
      'The flags, a file or a configuration cannot be used: an unknown name, a count of 0, a scenario with a mistake, a path that cannot be written, a port in use, too few file descriptors.',
  },
  inconclusive: {
    code: 96,
    meaning:
      'A gate is inconclusive and none failed: nothing was compared, or the trials do not decide ([gates in CI](../guide/gates-in-ci.md)); in `lb load`, a [threshold](thresholds.md). `--on-inconclusive pass` makes it 0, `--on-inconclusive fail` 98 or 99.',
  },
  invalid: {
    code: 97,
    meaning:
      'The benchmark ran, but no arm has a valid trial; a stage of a [threshold](thresholds.md) was not sent as planned.',
  },
  regression: {
    code: 98,
    meaning:
      'A gate on a change failed: the whole interval lies beyond its threshold ([gates in CI](../guide/gates-in-ci.md)), or the baseline lacks the arm; with `--on-inconclusive fail` also an inconclusive one.',
  },
  checksFailed: {
    code: 99,
    meaning:
      "A value is beyond its threshold: `--fail-on 'p99>20ms'`; a [threshold](thresholds.md) of `lb load` failed; `lb capacity` found no rate that meets the objectives; `lb doctor --fail` found something bad; with `--on-inconclusive fail` also an inconclusive one.",
  },
  interrupted: {
    code: 130,
    meaning:
      'Stopped by Ctrl-C, SIGTERM or SIGHUP. Results so far are printed and stored, and marked as incomplete.',
  },
} as const satisfies Record<string, Described>

type Name = keyof typeof describedExitCodes

/** The exit codes by name. */
export const exitCodes = Object.fromEntries(
  Object.entries(describedExitCodes).map(([name, { code }]) => [name, code]),
) as { readonly [One in Name]: (typeof describedExitCodes)[One]['code'] }

export type ExitCode = (typeof exitCodes)[Name]
