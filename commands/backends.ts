import { string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, percentage } from '../src/cli/flags.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Runs mock backends in the foreground. */
export default class Backends extends LbCommand {
  static override summary = 'Run mock backends in the foreground.'

  static override description =
    'Prints when each backend is ready, runs until Ctrl-C or SIGTERM, and prints the counts of each. Every response has the number of its backend in the X-Backend field. A port takes HTTP/1.1, and HTTP/2 by prior knowledge (h2c).'

  static override examples = [
    '<%= config.bin %> <%= command.id %> --count 3',
    {
      description: 'Slow backends with four requests in service at a time, on ports 3001 and 3002',
      command:
        '<%= config.bin %> <%= command.id %> --count 2 --port 3001 --service-time "exponential 5ms" --concurrency 4',
    },
  ]

  static override flags = {
    count: count({
      max: bounds.backends,
      char: 'n',
      summary: 'Number of backends.',
      helpValue: 'N',
      default: 2,
    }),
    'response-bytes': count({
      max: bounds.bodyBytes,
      summary: 'Bytes in the body of each response.',
      helpValue: 'N',
      min: 0,
      default: 1024,
    }),
    'service-time': string({
      summary:
        'Service time of a request: fixed; exponential with this mean; or lognormal with this median and sigma.',
      helpValue: 'none|TIME|"exponential TIME"|"lognormal TIME SIGMA"',
      default: 'none',
    }),
    concurrency: count({
      max: bounds.concurrency,
      summary: 'Requests in service at a time per backend, others are queued; 0: unlimited.',
      helpValue: 'N',
      min: 0,
      default: 0,
    }),
    'error-rate': percentage({
      summary: 'Share of the requests that get a 500, such as 1% (default: none).',
      helpValue: 'SHARE',
      allowZero: true,
    }),
    port: count({
      max: 65_535,
      char: 'p',
      summary: 'Port of the first backend, the others have the next ports; 0: any free ports.',
      helpValue: 'PORT',
      min: 0,
      default: 0,
    }),
    seed: count({
      max: Number.MAX_SAFE_INTEGER,
      summary: 'Random seed of service times and errors.',
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
