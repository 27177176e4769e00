import { once } from 'node:events'
import { string } from '@oclif/core/flags'
import type { BackendCounts, BackendsConfig, BackendsReady } from '../src/backend/config.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, percentage } from '../src/cli/flags.ts'
import { ProcessError, UsageError } from '../src/kit/errors.ts'
import { modulePath } from '../src/kit/module-path.ts'
import type { LabProcess } from '../src/lab/process.ts'
import type { ServiceTime } from '../src/plan/plan.ts'

/** What `--json` prints once the backends have stopped. */
interface Served {
  readonly backends: readonly (BackendCounts & { readonly port: number })[]
}

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
      least: 0,
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
      least: 0,
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
      least: 0,
      default: 0,
    }),
    seed: count({
      summary: 'Seeds service times and errors.',
      helpValue: 'N',
      least: 0,
      default: 1,
    }),
  }

  async run(): Promise<Served> {
    const { flags } = await this.parse(Backends)
    const plan = {
      weight: 1,
      serviceTime: await serviceTimeOf(flags['service-time']),
      responseBytes: flags['response-bytes'],
      concurrency: flags.concurrency,
      errorRate: flags['error-rate'] ?? 0,
    }
    checkPorts(flags)
    return this.#serve({
      backends: Array.from({ length: flags.count }, () => plan),
      seed: flags.seed,
      port: flags.port,
    })
  }

  async #serve(config: BackendsConfig): Promise<Served> {
    const { startProcess } = await import('../src/lab/process.ts')
    const stop = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    const file = modulePath('../src/backend/main', import.meta.url)
    await using backends = await startProcess({ name: 'the backends', file })
    const { ports } = await backends.call<BackendsReady>('start', config)
    for (const [i, port] of ports.entries()) {
      this.log(`backend ${i + 1} is ready on http://127.0.0.1:${port}`)
    }
    await Promise.race([stop, untimely(backends)])
    const { backends: counts } = await backends.call<{ backends: BackendCounts[] }>('counts')
    for (const [i, { received, answered, failed, aborted }] of counts.entries()) {
      this.log(
        `backend ${i + 1} received ${received}, answered ${answered} (${failed} with 500), given up ${aborted}`,
      )
    }
    return { backends: counts.map((one, i) => ({ port: ports[i] as number, ...one })) }
  }
}

/** Fails when the backends end before they are told to. */
async function untimely({ exited }: LabProcess): Promise<never> {
  const { code, signal } = await exited
  throw new ProcessError(
    `the backends ended by themselves (${signal ?? code})`,
    'Start them again.',
  )
}

/** Reads `exponential:5ms` and the like; a scenario writes the same with blanks. */
async function serviceTimeOf(typed: string): Promise<ServiceTime> {
  const { serviceTimeText } = await import('../src/plan/fields.ts')
  const read = serviceTimeText.safeParse(typed.replaceAll(':', ' '))
  if (read.success) return read.data
  throw new UsageError(
    `--service-time "${typed}" is not a service time`,
    'give none, a duration such as 5ms, exponential:5ms or lognormal:5ms:0.5',
  )
}

function checkPorts({ port, count }: { readonly port: number; readonly count: number }): void {
  if (port === 0 || port + count - 1 <= 65_535) return
  throw new UsageError(
    `--port ${port} leaves no room for ${count} backends: ports end at 65535`,
    `give it as --port ${65_536 - count} or lower`,
  )
}
