import { string as argument } from '@oclif/core/args'
import { formatFlag } from '../src/cli/choice-flags.ts'
import { chooseFlags } from '../src/cli/choose-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { seedFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'

/** Chooses a balancing algorithm for the traffic of an access log. */
export default class Choose extends LbCommand {
  static override summary = 'Choose a balancing algorithm for the traffic of an access log.'

  static override description = [
    'Sends the arrivals and client addresses of the log through the algorithms of the reference balancer, in simulated time, to the backends of a scenario.',
    'Names the best algorithm and those that are as good, or that any will do, and which of them meet an objective.',
    'Simulated only: no process is started, and the choice is not confirmed.',
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
  ]

  static override args = {
    scenario: argument({
      description:
        'Backends: shipped scenario (see "lb list scenarios"), or path of a YAML file. Its arrivals are those of the log.',
      default: 'unequal-backends',
    }),
  }

  static override flags = {
    ...chooseFlags,
    seed: seedFlag,
    format: formatFlag,
    progress: progressFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Choose)
    const { choose } = await import('../src/app/choose.ts')
    return choose(args.scenario, flags, this.invocation(flags))
  }
}
