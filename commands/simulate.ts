import { string as argument } from '@oclif/core/args'
import { algorithmsFlag, formatFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { keepLastFlag } from '../src/cli/keep-last-flag.ts'
import { forceFlag, outputFlag, seedFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { simulateFlags } from '../src/cli/simulate-flags.ts'

/** Simulates balancing algorithms. */
export default class Simulate extends LbCommand {
  static override summary =
    'Simulate balancing algorithms on the backends and arrivals of a scenario.'

  static override description = [
    'Runs the algorithms of the reference balancer in simulated time, with up to 100,000 backends; nothing is started or measured.',
    'All algorithms meet the same requests, in independent replications; the warm-up is cut.',
    'Reports mean, p50, p99 and p99.9 of the time from arrival to response, with intervals, and which algorithms are as good as the best.',
  ].join(' ')

  static override examples = [
    {
      description: 'Which algorithm copes with one slow backend?',
      command: '<%= config.bin %> <%= command.id %> unequal-backends --algo all',
    },
    {
      description: 'A thousand backends at 90 % of their capacity',
      command:
        '<%= config.bin %> <%= command.id %> unequal-backends --backends 1000 --load 90% --algo round-robin,two-choices',
    },
    {
      description: 'The best algorithm by load and heterogeneity',
      command: '<%= config.bin %> <%= command.id %> --map --algo round-robin,two-choices,weighted',
    },
  ]

  static override args = {
    scenario: argument({
      description: 'Shipped scenario (see "lb list scenarios"), or path of a YAML file.',
      default: 'unequal-backends',
    }),
  }

  static override flags = {
    algo: algorithmsFlag,
    ...simulateFlags,
    seed: seedFlag,
    output: outputFlag,
    force: forceFlag,
    keep: keepLastFlag,
    format: formatFlag,
    progress: progressFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Simulate)
    const { simulate } = await import('../src/app/simulate.ts')
    return simulate(args.scenario, flags, this.invocation(flags))
  }
}
