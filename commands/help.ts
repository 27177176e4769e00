import { string } from '@oclif/core/args'
import { LbCommand } from '../src/cli/command.ts'

/** Shows the help of lb or of one command. */
export default class Help extends LbCommand {
  static override summary = 'Show the help of lb or of one command.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> bench',
  ]

  static override args = {
    command: string({ description: 'Command to show the help of.' }),
  }

  async run() {
    const { args } = await this.parse(Help)
    const { showHelp } = await import('../src/cli/show-help.ts')
    return showHelp(this.config, args.command)
  }
}
