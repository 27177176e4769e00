import { option, string } from '@oclif/core/flags'

/** The flags of every command that can fail on what it measured. */
export const gateFlags = {
  'fail-on': string({
    summary:
      'Fail where this holds for certain: p99>+5%, throughput<-3%, p99>20ms; several allowed.',
    helpValue: 'RULE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'on-unclear': option({
    summary: 'What to do where the trials do not tell whether a --fail-on holds.',
    options: ['pass', 'fail'] as const,
    default: 'pass' as const,
  })(),
}
