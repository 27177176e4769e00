import { string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, percentage } from '../src/cli/flags.ts'

/** Runs mock backends in the foreground. */
export default class Backends extends LbCommand {
  static override summary = 'Run mock backends alone, in the foreground.'

  static override description =
    `Says when each is ready, and serves until Ctrl-C or SIGTERM; then it says what each counted. Every
answer names its backend in the header X-Backend.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --count 3',
    {
      description: 'Slow ones that work on four requests at once, on ports 3001 and 3002',
      command:
        '<%= config.bin %> <%= command.id %> --count 2 --port 3001 --service-time exponential:5ms --concurrency 4',
    },
  ]

  static override flags = {
    count: count({ char: 'n', summary: 'How many.', helpValue: 'N', default: 2 }),
    'response-bytes': count({
      summary: 'Bytes in the body of each answer.',
      helpValue: 'N',
      min: 0,
      default: 1024,
    }),
    'service-time': string({
      summary:
        'How long each works on a request: its mean, or the median and the sigma of the logarithm.',
      helpValue: 'none|TIME|exponential:TIME|lognormal:TIME:SIGMA',
      default: 'none',
    }),
    concurrency: count({
      summary: 'Requests that each works on at once, the rest in its queue; 0 for no limit.',
      helpValue: 'N',
      min: 0,
      default: 0,
    }),
    'error-rate': percentage({
      summary: 'Share of the requests that each answers with 500.',
      helpValue: 'SHARE',
    }),
    port: count({
      char: 'p',
      summary: 'Port of the first, the others follow; 0 for any that are free.',
      helpValue: 'PORT',
      min: 0,
      default: 0,
    }),
    seed: count({
      summary: 'Seeds service times and errors.',
      helpValue: 'N',
      min: 0,
      default: 1,
    }),
  }

  async run() {
    const { flags } = await this.parse(Backends)
    const { backends } = await import('../src/app/backends.ts')
    return backends(flags, this.invocation(flags))
  }
}
