import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BalancerCounts, BalancerReady } from '../balancer/config/config.ts'
import type { Start, Target, TargetOptions } from '../targets/target.ts'
import { freePort, loopback } from './ports.ts'
import { type Running, startProcess } from './process.ts'
import { startProgram } from './program.ts'

/** A target that answers. */
export interface RunningTarget {
  readonly url: URL
  /** What was started, or what its owner told us of; undefined where the costs are nobody's. */
  readonly pid: number | undefined
  /** What was started for it and must be stopped. */
  readonly running: Running | undefined
  /** Whether our backends are the ones behind it. */
  readonly ourBackends: boolean
  /** What it counted since its start, where it counts. */
  counts(): Promise<BalancerCounts | undefined>
}

/** A target to start. */
export interface TargetStart extends Omit<TargetOptions, 'port'> {
  readonly target: Target
  readonly cpus: readonly number[] | undefined
  readonly signal: AbortSignal
}

/**
 * Has the target configured in `scratch`, starts it on these CPUs, and waits until it is ready. In the
 * folder then are its `target.log` and, in `target/`, its configuration.
 *
 * @throws {UsageError} it cannot be configured so
 * @throws {ProcessError} it could not be started, or was not ready in time
 * @throws the signal's reason, once it aborts
 */
export async function startTarget(order: TargetStart): Promise<RunningTarget> {
  const { target, cpus, signal, folder, ...rest } = order
  const scratch = join(folder, 'target')
  await mkdir(scratch)
  const start = await target.prepare({ ...rest, folder, port: await freePort() })
  const common = {
    name: `the target ${target.name}`,
    log: join(folder, 'target.log'),
    cpus,
    signal,
  }
  if (start.by === 'answers') return startOurs(start, common)
  if (start.by === 'port') return startTheirs(start, { ...common, folder: scratch })
  const { url, pid, ourBackends } = start
  return { url, pid, running: undefined, ourBackends, counts: async () => undefined }
}

interface Common {
  readonly name: string
  readonly log: string
  readonly cpus: readonly number[] | undefined
  readonly signal: AbortSignal
}

async function startOurs(start: By<'answers'>, common: Common): Promise<RunningTarget> {
  const running = await startProcess({ ...common, file: start.module })
  try {
    const { port } = await running.call<BalancerReady>('start', start.config, common)
    return {
      url: at(port),
      pid: running.pid,
      running,
      ourBackends: true,
      counts: () => running.call('counts'),
    }
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function startTheirs(
  { file, args, env = {}, port }: By<'port'>,
  common: Common & { readonly folder: string },
): Promise<RunningTarget> {
  const running = await startProgram({ ...common, file, args, env, port })
  return {
    url: at(port),
    pid: running.pid,
    running,
    ourBackends: true,
    counts: async () => undefined,
  }
}

type By<Way extends Start['by']> = Extract<Start, { by: Way }>

function at(port: number): URL {
  return new URL(`http://${loopback}:${port}/`)
}
