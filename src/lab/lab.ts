import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackendCounts } from '../backend/config.ts'
import type { BalancerCounts, InForce } from '../balancer/config/config.ts'
import { ProcessError } from '../kit/errors.ts'
import type { Pause } from '../kit/pause.ts'
import type { StepRow } from '../kit/steps.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import { findTarget } from '../targets/find-target.ts'
import type { TargetSettings } from '../targets/target.ts'
import { type BackendFleet, startBackends } from './backend-fleet.ts'
import type { Placement, Role } from './cores.ts'
import { logTail } from './log-tail.ts'
import { describeExit, type LabProcess, type Running, startProcess } from './process.ts'
import { type RunningTarget, startTarget } from './running-target.ts'
import type { SpareProcesses } from './spare-processes.ts'
import { targetSeed } from './target-seed.ts'
import type { TempDir } from './temp-dir.ts'
import { type TestBedLease, type TestBeds, testBeds } from './test-beds.ts'

/** Options of the lab of one trial. */
export interface LabOptions {
  readonly plan: Pick<Plan, 'backends'>
  readonly arm: Arm
  readonly placement: Placement
  readonly seed: number
  /** Whether the reference balancer times the steps of requests. */
  readonly timesSteps?: boolean | undefined
  /** Logs and configurations of this trial get a directory of their own in it. */
  readonly tempDir: TempDir
  readonly signal: AbortSignal
  /** The driver of the load, whose modules are loaded ahead. */
  readonly driver?: string | undefined
  /** The user's settings of targets, by their names. */
  readonly settings?: Readonly<Record<string, TargetSettings>> | undefined
  /** Where drivers and backends of earlier trials are kept; without it, they end with the lab. */
  readonly beds?: TestBeds | undefined
  /** Where the process of the target may have been started ahead. */
  readonly spares?: SpareProcesses | undefined
  /** Whether the target is started with an admin port that serves profiles. */
  readonly profiled?: boolean | undefined
}

/** The processes of one trial, running and ready. Closing it ends the target, and drivers and backends unless they are kept. */
export interface Lab extends AsyncDisposable, Pick<BackendFleet, 'injectFaults' | 'faultTimeline'> {
  /** Where the drivers send their load. */
  readonly url: URL
  /** The address of each of the plan's backends, in the order of the plan. */
  readonly backendUrls: readonly URL[]
  /** The admin port of the target, where it was started with one. */
  readonly admin: RunningTarget['admin']
  readonly drivers: readonly LabProcess[]
  /** The first processes of this host of each role that has some; the others are their descendants and those of their sessions. */
  readonly pids: Readonly<Record<Role, readonly number[]>>
  /** The processes of each role that run on other hosts. */
  readonly elsewhere: Readonly<Record<Role, readonly Running[]>>
  /** Counters of backends and target since their start. */
  counts(): Promise<LabCounts>
  /** The last pauses of the target's threads; none where it does not note them. */
  pauses(): Promise<readonly Pause[]>
  /**
   * The longest waits in the queues of the backends, and the last waits of their threads for a CPU; none where the target has
   * backends of its own.
   */
  queueWaits(): Promise<readonly Pause[]>
  /** Times of the steps of requests since the target started, of each worker; none where it does not take them. */
  steps(): Promise<readonly (readonly StepRow[])[]>
  /** The settings that the target reports itself; undefined for targets that do not. */
  inForce(): Promise<InForce | undefined>
  /**
   * Returns the result of `work`.
   * @throws {ProcessError} as soon as target or backends end, with the end of the log; and of `work`: logs and configurations are kept
   */
  guard<Result>(work: Promise<Result>): Promise<Result>
  /** The trial went well: drivers and backends may serve the next one. */
  keepTestBed(): void
  close(): Promise<void>
}

/** Counters of backends and target. */
export interface LabCounts {
  /** One entry per backend, in the order of the plan; empty where the target has backends of its own. */
  readonly backends: readonly BackendCounts[]
  readonly target: BalancerCounts | undefined
}

let trials = 0

/**
 * Prepares drivers and backends, each on its CPUs, starts the target, and waits until each is ready.
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
  readonly lease: TestBedLease
  readonly backends: BackendFleet
  readonly target: RunningTarget
}

async function startAll(
  options: LabOptions & { readonly folder: string; readonly started: AsyncDisposableStack },
): Promise<Started> {
  const { plan, arm, placement, seed, signal, folder, started, tempDir, driver, spares } = options
  const beds = options.beds ?? started.use(testBeds(tempDir))
  const lease = started.use(await beds.lease(placement))
  // Drivers, which may share the backends' CPUs, load their modules while the target starts.
  const loaded = Promise.all(
    lease.bed.drivers.map((one) =>
      one.call('start', { driver }, { signal }).catch((error) => {
        // One that has ended is lost to its fleet as soon as a load begins.
        if (!(error instanceof ProcessError)) throw error
      }),
    ),
  )
  // If it fails, the error is thrown below: by then the target must have started, so that it can be stopped.
  loaded.catch(() => undefined)
  const backends = await startBackends(lease.bed.backends, {
    ...{ backends: plan.backends, seed, signal },
  })
  const target = await startTarget({
    target: findTarget(arm.target),
    arm,
    backends: backends.urls.map((url, i) => ({ url, weight: plan.backends[i]?.weight ?? 1 })),
    entry: backends.entry,
    folder: folder,
    seed: targetSeed(seed),
    cpus: placement.pinned ? placement.target : undefined,
    signal,
    settings: options.settings?.[arm.target],
    timesSteps: options.timesSteps,
    profiled: options.profiled,
    elsewhere: lease.bed.targetHost,
    startOne: (process) => spares?.take(arm, process) ?? startProcess(process),
  })
  if (target.running !== undefined) started.use(target.running)
  await loaded
  return { lease, backends, target }
}

function labOf(
  { lease, backends, target }: Started,
  started: AsyncDisposableStack,
  keepLogs: (error: unknown) => unknown,
): Lab {
  const { drivers, backends: backendProcesses } = lease.bed
  // A driver that ends is lost to its fleet, which reports it.
  const guarded = [...backendProcesses, target.running].filter((one) => one !== undefined)
  const isElsewhere = ({ host }: Running) => host !== undefined
  const elsewhere = {
    target: [target.running].filter((one) => one !== undefined).filter(isElsewhere),
    driver: drivers.filter(isElsewhere),
    backends: backendProcesses.filter(isElsewhere),
  }
  const pidsOf = (running: readonly Running[]) =>
    running.filter((one) => !isElsewhere(one)).map(({ pid }) => pid)
  const close = () => started.disposeAsync()
  return {
    url: target.url,
    backendUrls: backends.urls,
    admin: target.admin,
    drivers,
    pids: {
      target: target.pid === undefined || elsewhere.target.length > 0 ? [] : [target.pid],
      driver: pidsOf(drivers),
      backends: pidsOf(backendProcesses),
    },
    elsewhere,
    async counts() {
      const [counted, own] = await Promise.all([backends.counts(), target.counts()])
      return { backends: target.ourBackends ? counted : [], target: own }
    },
    pauses: target.pauses,
    queueWaits: async () => (target.ourBackends ? backends.queueWaits() : []),
    steps: target.steps,
    inForce: target.inForce,
    injectFaults: backends.injectFaults,
    faultTimeline: backends.faultTimeline,
    guard: (work) =>
      Promise.race([work, ...guarded.map(rejectAtExit)]).catch((error) => {
        throw keepLogs(error)
      }),
    keepTestBed: lease.keep,
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
