import { string } from '@oclif/core/args'
import { LbCommand } from '../src/cli/command.ts'

/** Prints a script that completes commands and flags of lb in a shell. */
export default class Completion extends LbCommand {
  static override summary = 'Print a completion script for bash or zsh.'

  static override description =
    'Writes no file: add the script to your shell as the examples show. It has the commands and flags of this version.'

  static override enableJsonFlag = false

  static override examples = [
    {
      description: 'bash: for this shell, or in ~/.bashrc',
      command: 'source <(<%= config.bin %> <%= command.id %> bash)',
    },
    {
      description: 'zsh: for this shell, or in ~/.zshrc after compinit',
      command: 'source <(<%= config.bin %> <%= command.id %> zsh)',
    },
  ]

  static override args = {
    shell: string({
      description: 'Shell to complete in.',
      options: ['bash', 'zsh'],
      required: true,
    }),
  }

  async run() {
    const { args, flags } = await this.parse(Completion)
    const { completionScript } = await import('../src/cli/completion-script.ts')
    const script = await completionScript(args.shell, this.config)
    this.invocation(flags).print(script)
  }
}
