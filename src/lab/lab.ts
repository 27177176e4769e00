import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  FaultsOptions,
  FaultTimeline,
} from '../backend/config.ts'
import type { BalancerCounts } from '../balancer/config/config.ts'
import { ProcessError } from '../kit/errors.ts'
import { modulePath } from '../kit/module-path.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import { findTarget } from '../targets/find-target.ts'
import type { TargetSettings } from '../targets/target.ts'
import type { Placement, Role } from './cores.ts'
import { logTail } from './log-tail.ts'
import { loopback } from './ports.ts'
import { describeExit, type LabProcess, type Running, startProcess } from './process.ts'
import { type RunningTarget, startTarget } from './running-target.ts'
import type { TempDir } from './temp-dir.ts'

/** Options of the lab of one trial. */
export interface LabOptions {
  readonly plan: Pick<Plan, 'backends'>
  readonly arm: Arm
  readonly placement: Placement
  readonly seed: number
  /** Logs and configurations of this trial get a directory of their own in it. */
  readonly tempDir: TempDir
  readonly signal: AbortSignal
  /** The driver of the load, whose modules are loaded ahead. */
  readonly driver?: string | undefined
  /** The user's settings of targets, by their names. */
  readonly settings?: Readonly<Record<string, TargetSettings>> | undefined
}

/** The processes of one trial, running and ready. Closing it ends all of them. */
export interface Lab extends AsyncDisposable {
  /** Where the driver sends its load. */
  readonly url: URL
  /** The address of each of the plan's backends, in the order of the plan. */
  readonly backendUrls: readonly URL[]
  readonly driver: LabProcess
  readonly backends: LabProcess
  /** The first process of each role that has one; the others are its descendants and those of its session. */
  readonly pids: Readonly<Partial<Record<Role, number>>>
  /** Counters of backends and target since their start. */
  counts(): Promise<LabCounts>
  /** Makes the backends count requests by time, and injects faults into them. */
  injectFaults(options: FaultsOptions): Promise<void>
  /**
   * The backends' counts by time, and when each fault began and ended.
   * @throws {ProcessError} a backend could not be restarted
   */
  faultTimeline(): Promise<FaultTimeline>
  /**
   * Returns the result of `work`.
   * @throws {ProcessError} as soon as one of the processes ends, with the end of its log; logs and configurations are kept
   */
  guard<Result>(work: Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Counters of backends and target. */
export interface LabCounts {
  /** One entry per backend, in the order of the plan; empty where the target has backends of its own. */
  readonly backends: BackendsCounts['backends']
  readonly target: BalancerCounts | undefined
}

let trials = 0

/**
 * Starts backends, target and driver, each on its CPUs, and waits until each is ready.
 * If anything fails, all processes are ended, and the temporary directory is kept.
 *
 * @throws {UsageError} the target cannot be configured as the arm requires
 * @throws {ProcessError} a process could not be started, or died
 * @throws the signal's reason, once it aborts
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { tempDir, signal } = options
  signal.throwIfAborted()
  const folder = join(tempDir.path, `trial-${++trials}`)
  await mkdir(folder)
  const keepLogs = (error: unknown) => withKeptLogs(error, folder, tempDir)
  await using started = new AsyncDisposableStack()
  try {
    return labOf(await startAll({ ...options, folder, started }), started.move(), keepLogs)
  } catch (error) {
    throw keepLogs(error)
  }
}

interface Started {
  readonly backendUrls: readonly URL[]
  readonly driver: LabProcess
  readonly backends: LabProcess
  readonly target: RunningTarget
}

async function startAll(
  options: LabOptions & { readonly folder: string; readonly started: AsyncDisposableStack },
): Promise<Started> {
  const { plan, arm, placement, seed, signal, folder, started } = options
  const cpusOf = (role: Role) => (placement.pinned ? placement[role] : undefined)
  const start = async (role: 'driver' | 'backends', file: string) =>
    started.use(
      await startProcess({
        name: `the ${role}`,
        file: modulePath(file, import.meta.url),
        log: join(folder, `${role}.log`),
        cpus: cpusOf(role),
      }),
    )
  // The driver, which may share the backends' CPUs, loads its modules while the target starts.
  const backends = await start('backends', '../backend/main')
  const driver = await start('driver', '../driver/main')
  const config: BackendsConfig = { backends: plan.backends, seed }
  const { ports } = await backends.call<BackendsReady>('start', config, { signal })
  const backendUrls = ports.map((port) => new URL(`http://${loopback}:${port}/`))
  const loaded = driver.call('start', { driver: options.driver }, { signal })
  // If it fails, the error is thrown below: by then the target must have started, so that it can be stopped.
  loaded.catch(() => undefined)
  const target = await startTarget({
    target: findTarget(arm.target),
    arm,
    backends: backendUrls.map((url, i) => ({ url, weight: plan.backends[i]?.weight ?? 1 })),
    folder: folder,
    seed,
    cpus: cpusOf('target'),
    signal,
    settings: options.settings?.[arm.target],
  })
  if (target.running !== undefined) started.use(target.running)
  await loaded
  return { driver, backends, backendUrls, target }
}

function labOf(
  { driver, backends, backendUrls, target }: Started,
  started: AsyncDisposableStack,
  keepLogs: (error: unknown) => unknown,
): Lab {
  const { pid } = target
  const processes = [driver, backends, target.running].filter((one) => one !== undefined)
  const close = async () => {
    await Promise.all(processes.map((one) => one.stop()))
    await started.disposeAsync()
  }
  return {
    url: target.url,
    backendUrls,
    driver,
    backends,
    pids: {
      driver: driver.pid,
      backends: backends.pid,
      ...(pid === undefined ? {} : { target: pid }),
    },
    async counts() {
      const [counted, own] = await Promise.all([
        backends.call<BackendsCounts>('counts'),
        target.counts(),
      ])
      return { backends: target.ourBackends ? counted.backends : [], target: own }
    },
    injectFaults: (options) => backends.call('injectFaults', options),
    faultTimeline: () => backends.call('faultTimeline'),
    guard: (work) =>
      Promise.race([work, ...processes.map(rejectAtExit)]).catch((error) => {
        throw keepLogs(error)
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function rejectAtExit({ name, log, exited }: Running): Promise<never> {
  throw new ProcessError(`${name} ${describeExit(await exited)}`, logTail(log))
}

/** The same error; that of a process keeps the directory of its logs, and its hint names it. */
function withKeptLogs(error: unknown, folder: string, scratch: TempDir): unknown {
  if (!(error instanceof ProcessError)) return error
  scratch.keep()
  const { message, hint } = error
  return new ProcessError(message, `${hint}\nLogs and configurations are kept in ${folder}.`, {
    cause: error,
  })
}
