import { once } from 'node:events'
import type {
  BackendCounts,
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
} from '../backend/config.ts'
import type { Invocation } from '../cli/invocation.ts'
import { ProcessError, UsageError } from '../kit/errors.ts'
import { modulePath } from '../kit/module-path.ts'
import { type LabProcess, startProcess } from '../lab/process.ts'
import { serviceTimeText } from '../plan/fields.ts'
import type { ServiceTime } from '../plan/plan.ts'

/** Values of the flags of `lb backends`. */
interface BackendsFlags {
  readonly count: number
  readonly 'response-bytes': number
  readonly 'service-time': string
  /** Requests processed at once; 0: no limit. */
  readonly concurrency: number
  /** Fraction of requests that fail. */
  readonly 'error-rate'?: number | undefined
  /** Port of the first backend; 0: any free ports. */
  readonly port: number
  readonly seed: number
}

/** What each backend counted. */
interface Served {
  readonly backends: readonly (BackendCounts & { readonly port: number })[]
}

/**
 * Runs mock backends until SIGINT or SIGTERM, then reports their counts.
 *
 * @throws {UsageError} a flag is invalid, or a port is in use
 * @throws {ProcessError} the backends' process died
 */
export async function backends(flags: BackendsFlags, { print }: Invocation): Promise<Served> {
  const config = configOf(flags)
  const stop = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const file = modulePath('../backend/main', import.meta.url)
  await using running = await startProcess({ name: 'the backends', file })
  const { ports } = await running.call<BackendsReady>('start', config)
  for (const [i, port] of ports.entries()) {
    print(`backend ${i + 1} is ready on http://127.0.0.1:${port}\n`)
  }
  await Promise.race([stop, failWhenEnded(running)])
  const { backends: counts } = await running.call<BackendsCounts>('counts')
  for (const [i, { received, answered, failed, aborted }] of counts.entries()) {
    print(
      `backend ${i + 1} received ${received}, answered ${answered} (${failed} with 500), aborted ${aborted}\n`,
    )
  }
  return { backends: counts.map((one, i) => ({ port: ports[i] as number, ...one })) }
}

function configOf(flags: BackendsFlags): BackendsConfig {
  const plan = {
    weight: 1,
    serviceTime: serviceTimeOf(flags['service-time']),
    responseBytes: flags['response-bytes'],
    concurrency: flags.concurrency,
    errorRate: flags['error-rate'] ?? 0,
  }
  checkPorts(flags)
  return {
    backends: Array.from({ length: flags.count }, () => plan),
    seed: flags.seed,
    port: flags.port,
  }
}

/** Rejects once the backends' process has ended. */
async function failWhenEnded({ exited }: LabProcess): Promise<never> {
  const { code, signal } = await exited
  throw new ProcessError(
    `the backends' process exited unexpectedly (${signal ?? code})`,
    'see its output above',
  )
}

function serviceTimeOf(typed: string): ServiceTime {
  const parsed = serviceTimeText.safeParse(typed)
  if (parsed.success) return parsed.data
  throw new UsageError(
    `--service-time "${typed}" is not a service time`,
    'use none, a duration such as 5ms, "exponential 5ms" or "lognormal 5ms 0.5"',
  )
}

function checkPorts({ port, count }: Pick<BackendsFlags, 'port' | 'count'>): void {
  if (port === 0 || port + count - 1 <= 65_535) return
  throw new UsageError(
    `--port ${port} is too high for ${count} backends: the maximum port is 65535`,
    `use --port ${65_536 - count} or lower`,
  )
}
