import { join } from 'node:path'
import type { DriverReport } from '../../driver/driver.ts'
import type { Placement, Role } from '../../lab/cores.ts'
import { hostLimits, maxInFlight } from '../../lab/host-limits.ts'
import { type Lab, type LabCounts, openLab } from '../../lab/lab.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import { type HostMeter, meterHost } from '../../meter/host.ts'
import { cpuSetMeters } from '../../meter/index.ts'
import { meterProcesses, type ProcessMeter } from '../../meter/process.ts'
import { processFamily } from '../../meter/process-family.ts'
import type { TimerJitter } from '../../meter/timer-jitter-counts.ts'
import type { Yardstick } from '../../meter/yardstick.ts'
import type { Arm, Load, Plan, Trial } from '../../plan/plan.ts'
import type { Measurement, ProcessCost } from '../../result/document.ts'
import { judge } from '../verdict/verdict.ts'
import { startMeters } from './cpu-set-meters.ts'
import { type FaultInjection, injectFaults } from './fault-injection.ts'
import { countInstructions } from './instructions.ts'

/** One trial to run: its arm, the CPUs of its processes, and the folder for their files. */
export interface TrialOptions {
  readonly plan: Plan
  readonly arm: Arm
  readonly trial: Trial
  readonly placement: Placement
  readonly tempDir: TempDir
  readonly signal: AbortSignal
  /** Requests per second, in the latency phase. */
  readonly rate: number | undefined
  /** Name of the driver of a closed loop. */
  readonly driver?: string | undefined
  /** Whether the target's instructions are counted; on a host that cannot count them, that only costs time. */
  readonly counters?: boolean | undefined
}

/** Seconds after warm-up, window and time-out within which a driver must have reported. */
const reportSlack = 15

const roles = ['target', 'driver', 'backends'] as const satisfies readonly Role[]

/**
 * Starts the processes of one trial, drives it, reads the meters at the edges of the window, and always stops all
 * processes.
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
  const { value: driven, instructions } = await countInstructions(pid, drive)
  const { course, ...report } = driven
  const faultTimeline = await faults?.timelineOf(course)
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
      accounted: [...processes, ours.usage()],
      readings: { [hostMeters.field]: await hostMeters.reports() },
    }),
  }
  const { target, driver, backends } = placement
  const cpuSets = { target, driver, backends }
  const { connections } = load
  const { backends: plans } = plan
  return { ...measured, verdict: judge({ measured, cpuSets, connections, backends: plans }) }
}

/** Opens the lab and starts the meters on its host, at the same time. `started` disposes of both. */
async function setUp(options: TrialOptions, started: AsyncDisposableStack) {
  const { plan, arm, trial, placement, tempDir, signal } = options
  const { settings } = plan
  const { seed } = trial
  const driver = driverOf(options)
  const labOptions = { plan, arm, seed, placement, tempDir, signal, settings, driver }
  const lab = openLab(labOptions).then((one) => started.use(one))
  const hostMeters = startHostMeters(options).then((ones) => started.use(ones))
  // If one of them fails, the other must have started before it can be stopped.
  await Promise.allSettled([lab, hostMeters])
  return { lab: await lab, hostMeters: await hostMeters }
}

/** Starts the meter of the trial's phase on each CPU set. */
async function startHostMeters({ trial, placement, tempDir }: TrialOptions) {
  const { field, ...meter } = cpuSetMeters[trial.phase]
  const log = join(tempDir.path, `${field}.log`)
  const meters = await startMeters<Yardstick & TimerJitter>(placement, { ...meter, log })
  return { field, ...meters }
}

/** The open loop for a trial with a rate, a closed loop otherwise. */
function driverOf({ rate, driver = 'autocannon' }: TrialOptions): Load['driver'] {
  return rate === undefined ? driver : 'open-loop'
}

function loadOf(options: TrialOptions, faults: FaultInjection | undefined): Load {
  const { plan, arm, trial, rate } = options
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
    ...(plan.settings?.[arm.target]?.insecure && { insecure: true }),
  }
  return rate === undefined
    ? common
    : {
        ...common,
        ...(faults && { watch: faults.watch }),
        arrivals: {
          rate,
          spacing: plan.arrivals.spacing,
          maxInFlight: maxInFlight(connections, hostLimits()),
        },
      }
}

/** The host during the window, and the CPU time of other programs. */
function hostDuring(
  meter: HostMeter,
  {
    accounted,
    readings,
  }: {
    readonly accounted: readonly Pick<ProcessCost, 'userSeconds' | 'systemSeconds'>[]
    readonly readings: Pick<Measurement['host'], 'yardstick' | 'timerJitter'>
  },
): Measurement['host'] {
  const { busySeconds, stealSeconds, pressureSeconds, throttledSeconds, swappedPages } =
    meter.usage()
  const { yardstick = [], timerJitter = [] } = readings
  const metering = [...yardstick, ...timerJitter].reduce(
    (sum, { cpuSeconds }) => sum + cpuSeconds,
    0,
  )
  const ours = accounted.reduce(
    (sum, cost) => sum + cost.userSeconds + cost.systemSeconds,
    metering,
  )
  return {
    stealSeconds,
    foreignSeconds: Math.max(0, busySeconds - ours),
    ...(pressureSeconds !== undefined && { pressureSeconds }),
    throttledSeconds,
    swappedPages,
    ...readings,
  }
}

/** Requests as counted by the backends and the target. */
function countsOf({ backends, target }: LabCounts) {
  return {
    perBackend: backends.map(({ received }) => received),
    ...(target && { targetRequests: target.requests, perWorker: [...target.perWorker] }),
  }
}

/** One meter per role with processes. */
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
  // Driver and backends are single-threaded: more CPUs would not help them.
  const threads = role === 'target' ? arm.cores : 1
  const cpusGiven = Math.min(threads, placement[role].length)
  const { course: timeline, ...usage } = meter.usage()
  return [{ role, cpusGiven, sharedCpus: placement.shared[role], ...usage, timeline }]
}
