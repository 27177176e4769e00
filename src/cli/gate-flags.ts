import { option, string } from '@oclif/core/flags'

/** The flags of every command that can fail on its measurements. */
export const gateFlags = {
  'fail-on': string({
    helpGroup: 'GATE',
    summary:
      "Fail if the entire confidence interval is beyond this threshold. With + or -: a change, e.g. 'p99>+5%', 'throughput<-3%'; without: a value, e.g. 'p99>20ms'.",
    helpValue: 'RULE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'on-inconclusive': option({
    helpGroup: 'GATE',
    aliases: ['on-unclear'],
    summary:
      'Exit code of an inconclusive gate: pass: 0; fail: 98 or 99, as of a failed one (default: 96).',
    options: ['pass', 'fail'] as const,
  })(),
}

/** The values of those flags. */
export interface GateFlags {
  readonly 'fail-on'?: readonly string[] | undefined
  readonly 'on-inconclusive'?: 'pass' | 'fail' | undefined
}
