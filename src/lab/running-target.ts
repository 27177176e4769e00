import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BalancerCounts, BalancerReady, InForce } from '../balancer/config/config.ts'
import type { Pause } from '../kit/pause.ts'
import type { StepRow } from '../kit/steps.ts'
import type { AdminAccess, Start, Target, TargetOptions } from '../targets/target.ts'
import { compileCache } from './compile-cache.ts'
import { freePort, urlOf } from './ports.ts'
import { type LabProcess, type Running, startProcess } from './process.ts'
import { startProgram } from './program.ts'

/** A target that is ready. */
export interface RunningTarget {
  readonly url: URL
  /** Its first process; undefined where none is known, so that no costs can be read. */
  readonly pid: number | undefined
  /** Its admin port, where it was started with one. */
  readonly admin: AdminAccess | undefined
  /** The process that was started for it and must be stopped. */
  readonly running: Running | undefined
  /** Whether the plan's backends are behind it. */
  readonly ourBackends: boolean
  /** Its counters since its start; undefined for targets without counters. */
  counts(): Promise<BalancerCounts | undefined>
  /** The last pauses of its threads; none of targets that do not note them. */
  pauses(): Promise<readonly Pause[]>
  /** Times of the steps of requests since it started, of each worker; none of targets that do not take them. */
  steps(): Promise<readonly (readonly StepRow[])[]>
  /** The settings that it reports itself; undefined for targets that do not. */
  inForce(): Promise<InForce | undefined>
}

/** Another host, where a process of `lb` for a target can be started. */
export interface TargetHost {
  /** The address at which the drivers reach it. */
  readonly address: string
  /**
   * Starts the reference balancer, which then waits for its configuration.
   * @throws {ProcessError} it could not be started
   */
  start(name: string): Promise<LabProcess>
}

/** A target to start. */
export interface TargetStart extends Omit<TargetOptions, 'port' | 'admin' | 'address'> {
  readonly target: Target
  readonly cpus: readonly number[] | undefined
  readonly signal: AbortSignal
  /** Starts a process of `lb`, or takes one that was started ahead. */
  readonly startOne?: typeof startProcess
  /** The host of processes of `lb`, where that is another one. */
  readonly elsewhere?: TargetHost | undefined
  /** Whether it is started with an admin port that serves profiles. */
  readonly profiled?: boolean | undefined
}

/**
 * Configures the target, starts it on these CPUs, and waits until it is ready. `folder` then has its log, `target.log`,
 * and a directory `target` with its configuration.
 *
 * @throws {UsageError} it cannot be configured with these options
 * @throws {ProcessError} it could not be started, or was not ready in time
 * @throws the signal's reason, once it aborts
 */
export async function startTarget(options: TargetStart): Promise<RunningTarget> {
  const { target, cpus, signal, folder, profiled, elsewhere, ...others } = options
  const { startOne = startProcess, ...rest } = others
  const targetFolder = join(folder, 'target')
  await mkdir(targetFolder)
  const admin = profiled ? { port: await freePort(), token: randomUUID() } : undefined
  const port = await freePort()
  const { address } = elsewhere ?? {}
  const start = await target.prepare({ ...rest, folder: targetFolder, port, admin, address })
  const common = {
    admin,
    name: `the target ${target.name}`,
    log: join(folder, 'target.log'),
    cpus,
    signal,
    startOne:
      elsewhere === undefined ? startOne : () => elsewhere.start(`the target ${target.name}`),
  }
  if (start.by === 'answers') return startBalancer(start, common)
  if (start.by === 'port') return startThirdParty(start, { ...common, folder: targetFolder })
  const { url, pid, ourBackends } = start
  return { url, pid, admin, running: undefined, ourBackends, ...withoutCounters }
}

/** A target that counts nothing itself. */
const withoutCounters: Pick<RunningTarget, 'counts' | 'pauses' | 'steps' | 'inForce'> = {
  counts: async () => undefined,
  pauses: async () => [],
  steps: async () => [],
  inForce: async () => undefined,
}

/** Options of every process of a target. */
interface Common {
  readonly admin: AdminAccess | undefined
  readonly name: string
  readonly log: string
  readonly cpus: readonly number[] | undefined
  readonly signal: AbortSignal
  readonly startOne: typeof startProcess
}

async function startBalancer(start: By<'answers'>, common: Common): Promise<RunningTarget> {
  const { admin, name, log, cpus, startOne } = common
  const env = compileCache()
  const running = await startOne({ name, log, cpus, file: start.module, env })
  try {
    const { port } = await running.call<BalancerReady>('start', start.config, common)
    return {
      url: urlOf(port, running.address),
      pid: running.pid,
      admin,
      running,
      ourBackends: true,
      counts: () => running.call('counts'),
      steps: async () => (await running.call<StepRow[][] | null>('steps').catch(() => null)) ?? [],
      // A build of an older commit does not know the request.
      pauses: async () => (await running.call<Pause[] | null>('pauses').catch(() => null)) ?? [],
      inForce: () => running.call('inForce'),
    }
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function startThirdParty(
  { file, args, env = {}, port }: By<'port'>,
  common: Common & { readonly folder: string },
): Promise<RunningTarget> {
  const running = await startProgram({ ...common, file, args, env, port })
  return {
    url: urlOf(port),
    pid: running.pid,
    admin: common.admin,
    running,
    ourBackends: true,
    ...withoutCounters,
  }
}

type By<Way extends Start['by']> = Extract<Start, { by: Way }>
