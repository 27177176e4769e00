import { join } from 'node:path'
import type { DriverReport } from '../../driver/driver.ts'
import { modulePath } from '../../kit/module-path.ts'
import type { Placement, Role } from '../../lab/cores.ts'
import { type Lab, type LabCounts, openLab } from '../../lab/lab.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import { type HostMeter, meterHost } from '../../meter/host.ts'
import { meterProcesses, type ProcessMeter } from '../../meter/process.ts'
import { processFamily } from '../../meter/process-family.ts'
import type { TimerJitter } from '../../meter/timer-jitter-counts.ts'
import type { Yardstick } from '../../meter/yardstick.ts'
import type { Arm, Load, Plan, Trial } from '../../plan/plan.ts'
import type { Measurement, ProcessCost } from '../../result/document.ts'
import { judge } from '../verdict/verdict.ts'
import { startMeters } from './cpu-set-meters.ts'
import { type FaultInjection, injectFaults } from './fault-injection.ts'
import { instructed } from './instructions.ts'

/** One trial to run: which arm, when, where its processes run and where they may write. */
export interface TrialOptions {
  readonly plan: Plan
  readonly arm: Arm
  readonly trial: Trial
  readonly placement: Placement
  readonly scratch: TempDir
  readonly signal: AbortSignal
  /** Arrivals per second, in the latency phase. */
  readonly rate: number | undefined
  /** Whether the target's instructions are counted: where the host cannot, that only costs time. */
  readonly counters?: boolean | undefined
}

/** Seconds beyond warm-up, window and time-out in which a driver must have reported. */
const reportSlack = 15

/**
 * Requests that the open loop may have in flight before it drops arrivals: room for a stall of half a second at
 * 2,000 requests a second. At the closed loop's number a stall of a few ms would already cost arrivals.
 */
export const openLoopInFlight = 1000

const roles = ['target', 'driver', 'backends'] as const satisfies readonly Role[]

/**
 * Starts the processes of one trial, drives it, reads the meters at the edges of the window, and stops
 * everything, whatever happens.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function runTrial(options: TrialOptions): Promise<Measurement> {
  const { plan, trial, placement, signal } = options
  const startedAt = new Date().toISOString()
  await using started = new AsyncDisposableStack()
  const { lab, hostMeters } = await setUp(options, started)
  const meters = metersOn(lab)
  const ours = meterProcesses(() => [process.pid])
  const host = meterHost()
  const all = [...meters.values(), ours, host, hostMeters]
  lab.driver.on('opened', () => all.forEach((meter) => void meter.open()))
  lab.driver.on('closed', () => all.forEach((meter) => void meter.close()))

  const faults = injectFaults(lab, plan, options.rate)

  const load = loadOf(options, faults)
  const timeout = load.warmup.most + load.duration + load.timeout + reportSlack
  const drive = () =>
    lab.guard(
      lab.driver.call<DriverReport>('drive', { load, url: lab.url.href }, { timeout, signal }),
    )
  const pid = options.counters ? lab.pids.target : undefined
  const { given, instructions } = await instructed(pid, drive)
  const { course: seen, ...report } = given
  const faultTimeline = await faults?.courseOf(seen)
  const counted = await lab.counts()
  const processes = roles
    .flatMap((role) => costOf(role, meters.get(role), options))
    .map((cost) =>
      cost.role === 'target' && instructions !== undefined ? { ...cost, instructions } : cost,
    )
  const measured = {
    trial,
    startedAt,
    ...report,
    bins: [...report.bins],
    errorKinds: { ...report.errorKinds },
    processes,
    ...countsOf(counted),
    ...(options.rate !== undefined && { rate: options.rate }),
    ...(faultTimeline && { faultTimeline }),
    host: hostDuring(host, {
      known: [...processes, ours.usage()],
      seen: { [hostMeters.says]: await hostMeters.use() },
    }),
  }
  const { target, driver, backends } = placement
  const cpuSets = { target, driver, backends }
  const { connections } = load
  const { backends: plans } = plan
  return { ...measured, verdict: judge({ measured, cpuSets, connections, backends: plans }) }
}

/**
 * What is watched of the host beside its counters. At saturation what the same work costs on it, since that is in every
 * cost; below it how long it makes wait, since only the tail of latency is small enough for the machine to be what made
 * it.
 */
const hostMeters = {
  capacity: { says: 'yardstick', name: 'the yardstick', joined: true },
  latency: { says: 'timerJitter', name: 'the timer-jitter meter', joined: false },
} as const
const modules = { capacity: '../../meter/yardstick', latency: '../../meter/timer-jitter' } as const

/** Opens the lab and starts the meters on its host, at the same time. What was started is left to `started`. */
async function setUp(options: TrialOptions, started: AsyncDisposableStack) {
  const { plan, arm, trial, placement, scratch, signal } = options
  const { settings } = plan
  const { seed } = trial
  const driver = driverOf(options)
  const order = { plan, arm, seed, placement, tempDir: scratch, signal, settings, driver }
  const lab = openLab(order).then((one) => started.use(one))
  const hostMeters = startHostMeters(options).then((ones) => started.use(ones))
  // Where one of them fails, the other must be known before it can be stopped.
  await Promise.allSettled([lab, hostMeters])
  return { lab: await lab, hostMeters: await hostMeters }
}

/** Starts the meters on the host that belong to a trial's phase. */
async function startHostMeters({ trial, placement, scratch }: TrialOptions) {
  const { says, ...meter } = hostMeters[trial.phase]
  const file = modulePath(modules[trial.phase], import.meta.url)
  const log = join(scratch.path, `${says}.log`)
  return {
    says,
    ...(await startMeters<Yardstick & TimerJitter>(placement, { ...meter, file, log })),
  }
}

/** Arrivals at a rate where there is one; else as much as can be. */
function driverOf({ rate }: TrialOptions): Load['driver'] {
  return rate === undefined ? 'closed-loop' : 'open-loop'
}

function loadOf(options: TrialOptions, faults: FaultInjection | undefined): Load {
  const { plan, trial, rate } = options
  const { request, connections, warmup, duration, timeout } = plan
  const { seed } = trial
  const common = {
    driver: driverOf(options),
    request,
    connections,
    warmup,
    duration,
    timeout,
    seed,
  }
  return rate === undefined
    ? common
    : {
        ...common,
        ...(faults && { watch: faults.watch }),
        arrivals: {
          rate,
          spacing: plan.arrivals.spacing,
          mostInFlight: Math.max(connections, openLoopInFlight),
        },
      }
}

/** What the host did during the window, and how much of it was neither the trial nor us. */
function hostDuring(
  meter: HostMeter,
  {
    known,
    seen,
  }: {
    readonly known: readonly Pick<ProcessCost, 'userSeconds' | 'systemSeconds'>[]
    readonly seen: Pick<Measurement['host'], 'yardstick' | 'timerJitter'>
  },
): Measurement['host'] {
  const { busySeconds, stealSeconds, pressureSeconds, throttledSeconds, swappedPages } =
    meter.usage()
  const { yardstick = [], timerJitter = [] } = seen
  const metering = [...yardstick, ...timerJitter].reduce(
    (sum, { cpuSeconds }) => sum + cpuSeconds,
    0,
  )
  const ours = known.reduce((sum, cost) => sum + cost.userSeconds + cost.systemSeconds, metering)
  return {
    stealSeconds,
    foreignSeconds: Math.max(0, busySeconds - ours),
    ...(pressureSeconds !== undefined && { pressureSeconds }),
    throttledSeconds,
    swappedPages,
    ...seen,
  }
}

/** Requests as backends and target counted them. */
function countsOf({ backends, target }: LabCounts) {
  return {
    perBackend: backends.map(({ received }) => received),
    ...(target && { targetRequests: target.requests, perWorker: [...target.perWorker] }),
  }
}

/** A meter on each role that has processes. */
function metersOn({ pids }: Lab): Map<Role, ProcessMeter> {
  return new Map(
    roles.flatMap((role) => {
      const pid = pids[role]
      return pid === undefined ? [] : [[role, meterProcesses(() => processFamily(pid))] as const]
    }),
  )
}

function costOf(
  role: Role,
  meter: ProcessMeter | undefined,
  { arm, placement }: TrialOptions,
): ProcessCost[] {
  if (meter === undefined) return []
  // Driver and backends each do their work on one thread: more CPUs would be of no use to them.
  const threads = role === 'target' ? arm.cores : 1
  const cpusGiven = Math.min(threads, placement[role].length)
  const { course: timeline, ...usage } = meter.usage()
  return [{ role, cpusGiven, sharedCpus: placement.shared[role], ...usage, timeline }]
}
