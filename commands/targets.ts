import { LbCommand } from '../src/cli/command.ts'

/** Shows the balancers that can be measured here. */
export default class Targets extends LbCommand {
  static override summary =
    'Show which balancers can be measured on this machine, and their algorithms.'

  static override description = [
    "Prints for each target its version, or the package that provides it, and the target's own name of each algorithm.",
    'A comparison skips an algorithm that a target lacks, and never replaces it by another.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'For scripts: the names of the installed targets',
      command: `<%= config.bin %> <%= command.id %> --json | jq -r '.[] | select(.found).name'`,
    },
  ]

  async run() {
    const { flags } = await this.parse(Targets)
    const { targets } = await import('../src/app/targets.ts')
    return targets(this.invocation(flags))
  }
}
