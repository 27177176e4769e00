import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { formatFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { gateFlags } from '../src/cli/gate-flags.ts'
import { maxBytesFlag } from '../src/cli/max-bytes-flag.ts'

/** Compares two stored results. */
export default class Compare extends LbCommand {
  static override summary = 'Compare two stored results, and fail on a regression.'

  static override description = [
    'Arms are matched by name.',
    'The trials of two runs are not paired, so each metric is compared as two independent samples: the Hodges-Lehmann shift of its logarithms with the confidence interval of the Mann-Whitney test.',
    'Changes of the host between the two runs are part of every difference; "lb ci" avoids this by measuring both sides at the same time.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> base.json head.json',
    "<%= config.bin %> <%= command.id %> base.json head.json --fail-on 'cpu>+5%' --fail-on 'throughput<-3%'",
    '<%= config.bin %> <%= command.id %> base.json head.json --format markdown --max-bytes 65000',
  ]

  static override args = {
    base: string({
      description: 'Result file to compare with (default: the run before the last).',
    }),
    head: string({
      description: 'Result file that is checked for regressions (default: the last run).',
    }),
  }

  static override flags = {
    ...gateFlags,
    force: boolean({
      helpGroup: 'GATE',
      summary: 'Compare results of different hosts or settings; reports show it.',
    }),
    format: formatFlag,
    full: fullFlag,
    'max-bytes': maxBytesFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Compare)
    const { compare } = await import('../src/app/compare.ts')
    return compare(args, flags, this.invocation(flags))
  }
}
