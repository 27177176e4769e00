import { string } from '@oclif/core/args'
import { LbCommand } from '../src/cli/command.ts'

/** Lists the names that other commands accept. */
export default class List extends LbCommand {
  static override summary = 'List algorithms, scenarios, targets or report formats.'

  static override examples = [
    {
      description: 'Every algorithm with its inputs, cost per pick, state and source',
      command: '<%= config.bin %> <%= command.id %> algorithms',
    },
    {
      description: 'The shipped scenarios and the question of each',
      command: '<%= config.bin %> <%= command.id %> scenarios',
    },
    {
      description: 'Targets, and whether they are installed',
      command: '<%= config.bin %> <%= command.id %> targets',
    },
  ]

  static override args = {
    what: string({
      description: 'List to print.',
      options: ['algorithms', 'scenarios', 'targets', 'formats'],
      required: true,
    }),
  }

  async run() {
    const { args, flags } = await this.parse(List)
    const { list } = await import('../src/app/list.ts')
    return list(args.what, this.invocation(flags))
  }
}
