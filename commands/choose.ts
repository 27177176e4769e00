import { string as argument } from '@oclif/core/args'
import { formatFlag } from '../src/cli/choice-flags.ts'
import { chooseFlags } from '../src/cli/choose-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { keepLastFlag } from '../src/cli/keep-last-flag.ts'
import { forceFlag, outputFlag, seedFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'

/** Chooses a balancing algorithm for the traffic of an access log or of a scenario. */
export default class Choose extends LbCommand {
  static override summary =
    'Choose a balancing algorithm for the traffic of an access log or of a scenario.'

  static override description = [
    'Sends the arrivals and client addresses of the log, or the arrivals of the scenario, through the algorithms of the reference balancer, in simulated time, to the backends of the scenario.',
    'Names the best algorithm and those that are as good, or that any will do, which of them meet an objective, and up to which rate.',
    'Then runs the best two and the one in use on real processes, at a size that this host can run, and says whether they agree with the simulation.',
  ].join(' ')

  static override examples = [
    {
      description: 'Which algorithm keeps p99 below 100 ms for this traffic?',
      command: "<%= config.bin %> <%= command.id %> --log access.log --slo 'p99<100ms'",
    },
    {
      description: 'The same with backends of your own, and twice the traffic',
      command: '<%= config.bin %> <%= command.id %> mine.yaml --log access.log.gz --speed 2',
    },
    {
      description: 'Without a log, beside the algorithm in use, by simulation only',
      command:
        '<%= config.bin %> <%= command.id %> mine.yaml --load 80% --in-use weighted --no-confirm',
    },
  ]

  static override args = {
    scenario: argument({
      description:
        'Backends, and without --log arrivals: shipped scenario (see "lb list scenarios"), or path of a YAML file (default with --log: unequal-backends).',
    }),
  }

  static override flags = {
    ...chooseFlags,
    seed: seedFlag,
    output: outputFlag,
    force: forceFlag,
    keep: keepLastFlag,
    format: formatFlag,
    progress: progressFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Choose)
    const { choose } = await import('../src/app/choose.ts')
    return choose(args.scenario, flags, this.invocation(flags))
  }
}
