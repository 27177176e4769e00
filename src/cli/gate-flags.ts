import { option, string } from '@oclif/core/flags'

/** Flags of every command with a gate. */
export const gateFlags = {
  'fail-on': string({
    summary:
      'Fail where the whole interval is beyond this threshold: p99>+5%, throughput<-3%, p99>20ms (repeatable).',
    helpValue: 'RULE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'on-inconclusive': option({
    aliases: ['on-unclear'],
    summary: 'Whether a gate passes or fails when its trials are inconclusive.',
    options: ['pass', 'fail'] as const,
    default: 'pass' as const,
  })(),
}
