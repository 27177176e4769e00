import { LbCommand } from '../src/cli/command.ts'
import { serveFlags } from '../src/cli/serve-flags.ts'

/** Runs the reference balancer in the foreground. */
export default class Serve extends LbCommand {
  static override summary = 'Run the reference balancer in the foreground.'

  static override description =
    'Prints when it is ready, and runs until Ctrl-C or SIGTERM. It then accepts no more connections, waits for requests in flight up to --drain-timeout, and exits. On SIGHUP it reads the file of --config and all certificates again, without a lost request.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> --backend http://127.0.0.1:3001 --backend http://127.0.0.1:3002',
    {
      description: 'Two workers; the first backend gets five times as many requests',
      command:
        '<%= config.bin %> <%= command.id %> --algo weighted --backend http://127.0.0.1:3001,5 --backend http://127.0.0.1:3002 --cores 2',
    },
    {
      description: 'All settings from a file, except for the port; check it first',
      command: '<%= config.bin %> <%= command.id %> --config lb.yaml --port 80 --check-config',
    },
  ]

  static override flags = serveFlags

  async run() {
    const { flags } = await this.parse(Serve)
    if (flags['check-config']) {
      const { checkConfigFile } = await import('../src/app/check-config.ts')
      return checkConfigFile(flags, this.invocation(flags))
    }
    const { serve } = await import('../src/app/serve.ts')
    return serve(flags, this.invocation(flags))
  }
}
