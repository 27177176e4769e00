import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  BackendsConfig,
  BackendsCounts,
  BackendsReady,
  BackendsWatch,
  FaultsOptions,
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

/** What one trial needs to run in. */
export interface LabOptions {
  readonly plan: Pick<Plan, 'backends'>
  readonly arm: Arm
  readonly placement: Placement
  readonly seed: number
  /** Logs and configurations of this trial get a folder of their own in it. */
  readonly tempDir: TempDir
  readonly signal: AbortSignal
  /** The driver that its load will name, to be loaded ahead. */
  readonly driver?: string | undefined
  /** What the user says of targets, by their names. */
  readonly settings?: Readonly<Record<string, TargetSettings>> | undefined
}

/** The processes of one trial, running and ready. Once it is closed, none of them is left. */
export interface Lab extends AsyncDisposable {
  /** Where the driver is to send its load. */
  readonly url: URL
  /** Where each of our backends answers by itself, in the order of the plan. */
  readonly backendUrls: readonly URL[]
  readonly driver: LabProcess
  readonly backends: LabProcess
  /** First process of each role that has one; the rest of the role are its descendants and its session. */
  readonly pids: Readonly<Partial<Record<Role, number>>>
  /** What backends and target counted since their start. */
  counts(): Promise<LabCounts>
  /** Has the backends count by time, and faults befall them. */
  injectFaults(options: FaultsOptions): Promise<void>
  /**
   * What the backends counted by time, and when faults came and went.
   * @throws {ProcessError} one could not be brought back
   */
  faultTimeline(): Promise<BackendsWatch>
  /**
   * Gives what `work` gives.
   * @throws {ProcessError} as soon as one of the processes ends, with its last words; logs and configurations stay
   */
  guard<Given>(work: Promise<Given>): Promise<Given>
  close(): Promise<void>
}

/** What those who count counted. */
export interface LabCounts {
  /** One a backend, in the order of the plan; none where the target has backends of its own. */
  readonly backends: BackendsCounts['backends']
  readonly target: BalancerCounts | undefined
}

let trials = 0

/**
 * Starts backends, target and driver afresh, each on its CPUs, and waits until each said that it is ready.
 * Whatever goes wrong on the way, no process stays behind; the scratch folder then does.
 *
 * @throws {UsageError} the target cannot be set up as the arm asks
 * @throws {ProcessError} a process could not be started, or died
 * @throws the signal's reason, once it aborts
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { tempDir, signal } = options
  signal.throwIfAborted()
  const folder = join(tempDir.path, `trial-${++trials}`)
  await mkdir(folder)
  const keeping = (error: unknown) => kept(error, folder, tempDir)
  await using started = new AsyncDisposableStack()
  try {
    return labOf(await startAll({ ...options, folder, started }), started.move(), keeping)
  } catch (error) {
    throw keeping(error)
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
  const ours = async (role: 'driver' | 'backends', file: string) =>
    started.use(
      await startProcess({
        name: `the ${role}`,
        file: modulePath(file, import.meta.url),
        log: join(folder, `${role}.log`),
        cpus: cpusOf(role),
      }),
    )
  // Both come up at the same time. The driver, which may share their CPUs, loads the rest while the target starts.
  const backends = await ours('backends', '../backend/main')
  const driver = await ours('driver', '../driver/main')
  const config: BackendsConfig = { backends: plan.backends, seed }
  const { ports } = await backends.call<BackendsReady>('start', config, { signal })
  const backendUrls = ports.map((port) => new URL(`http://${loopback}:${port}/`))
  const loaded = driver.call('start', { driver: options.driver }, { signal })
  // Should it fail, that is told below: the target's start must be over by then, for it to be stopped.
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
  keeping: (error: unknown) => unknown,
): Lab {
  const { pid } = target
  const members = [driver, backends, target.running].filter((one) => one !== undefined)
  const close = async () => {
    await Promise.all(members.map((one) => one.stop()))
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
    injectFaults: (options) => backends.call('befall', options),
    faultTimeline: () => backends.call('watched'),
    guard: (work) =>
      Promise.race([work, ...members.map(ending)]).catch((error) => {
        throw keeping(error)
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function ending({ name, log, exited }: Running): Promise<never> {
  throw new ProcessError(`${name} ${describeExit(await exited)}`, logTail(log))
}

/** The same error; that of a process keeps its folder, and says where that is. */
function kept(error: unknown, folder: string, scratch: TempDir): unknown {
  if (!(error instanceof ProcessError)) return error
  scratch.keep()
  const { message, hint } = error
  return new ProcessError(message, `${hint}\nLogs and configurations are kept in ${folder}.`, {
    cause: error,
  })
}
