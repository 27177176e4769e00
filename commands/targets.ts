import { LbCommand } from '../src/cli/command.ts'
import type { InstalledTarget } from '../src/targets/installed-targets.ts'

/** Lists the balancers that can be put under test, and what each has. */
export default class Targets extends LbCommand {
  static override summary = 'Show what can be put under test here, and the algorithms of each.'

  static override description =
    `Of each target: its version where it is found, what provides it where it is not, and its own name of each
algorithm that it has. An algorithm that a target lacks is skipped there in a comparison, never replaced.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'For a script: the names of those that are here',
      command: `<%= config.bin %> <%= command.id %> --json | jq -r '.[] | select(.found).name'`,
    },
  ]

  async run(): Promise<InstalledTarget[]> {
    const { flags } = await this.parse(Targets)
    const { installedTargets } = await import('../src/targets/installed-targets.ts')
    const found = await installedTargets()
    if (!this.jsonEnabled()) {
      const { foundTargetsText } = await import('../reports/commands/installed-targets.ts')
      this.print(foundTargetsText(found, this.look(flags)))
    }
    return found
  }
}
