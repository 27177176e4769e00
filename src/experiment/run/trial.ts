import { driveFleet, type LoadObserver } from '../../driver/fleet/drive-fleet.ts'
import type { Placement } from '../../lab/cores.ts'
import { hostLimits, maxInFlight } from '../../lab/host-limits.ts'
import { type Lab, type LabCounts, openLab } from '../../lab/lab.ts'
import { missedTurns } from '../../lab/read-back.ts'
import type { SpareProcesses } from '../../lab/spare-processes.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import type { TestBeds } from '../../lab/test-beds.ts'
import { type HostMeter, meterHost } from '../../meter/host.ts'
import { meterProcesses } from '../../meter/process.ts'
import type { Arm, Load, Plan, Trial } from '../../plan/plan.ts'
import { streamsOf, transportOf } from '../../plan/transport.ts'
import type { Measurement, ProcessCost } from '../../result/document.ts'
import { evenBins } from '../slow/stage-bins.ts'
import { judge } from '../verdict/verdict.ts'
import { backendProtocol } from './backend-protocol.ts'
import { driverName } from './driver-name.ts'
import { type FaultInjection, injectFaults } from './fault-injection.ts'
import { countInstructions } from './instructions.ts'
import type { KeptMeters } from './kept-meters.ts'
import { nodeMeters } from './node-meters.ts'
import { roleCosts } from './role-costs.ts'
import { roleMeters } from './role-meters.ts'
import { slowMeters } from './slow-meters.ts'
import { stepReader } from './step-reader.ts'

/** A running target whose profile can be taken. */
export interface ProfiledTarget extends Pick<Lab, 'admin'> {
  /** Its first processes. */
  readonly pids: readonly number[]
}

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
  /** Whether the reference balancer times the steps of requests, which costs it CPU time. */
  readonly timesSteps?: boolean | undefined
  /** The arm of the next trial, the process of whose target is started once the load has ended. */
  readonly next?: Arm | undefined
  /** Takes a profile of the target from the begin of the window on; an error of it fails the trial. */
  readonly profile?: ((target: ProfiledTarget) => Promise<void>) | undefined
}

/** What trials of one command share: the processes that serve several of them. */
export interface TrialSurroundings {
  readonly beds: TestBeds
  readonly meters: KeptMeters
  readonly spares: SpareProcesses
  /** Follows the load of each trial. */
  readonly observer?: LoadObserver | undefined
}

/**
 * Starts the target of one trial, drives it, reads the meters at the edges of the window, and always stops the target.
 * Drivers, backends and meters of earlier trials are used again, unless such a trial failed, lost a driver or injected
 * faults.
 *
 * @throws {ProcessError} a process could not be started, or target or backends died
 */
export async function runTrial(
  options: TrialOptions,
  surroundings: TrialSurroundings,
): Promise<Measurement> {
  const { plan, trial, placement, signal } = options
  const { observer } = surroundings
  const { isElsewhere } = surroundings.beds
  const startedAt = new Date().toISOString()
  await using started = new AsyncDisposableStack()
  const { lab, hostMeters } = await setUp(options, { ...surroundings, started })
  const missed = await missedTurns(options.arm, lab)
  const meters = roleMeters(lab)
  const ours = meterProcesses(() => [process.pid])
  const host = meterHost()
  const slowness = slowMeters(lab)
  const nodes = nodeMeters(lab)
  const all = [...meters.values(), ours, host, ...(hostMeters ? [hostMeters] : []), slowness, nodes]
  const faults = injectFaults(lab, plan, options.rate)

  const load = loadOf(options, faults, !isElsewhere && maySpin(options))
  const steps = options.timesSteps ? stepReader(lab) : undefined
  let profiled: Promise<void> | undefined
  const opened = () => {
    steps?.open()
    for (const meter of all) meter.open()
    faults?.inject()
    profiled = options.profile?.({ admin: lab.admin, pids: lab.pids.target })
    // It is awaited after the load.
    profiled?.catch(() => undefined)
  }
  const closed = () => {
    steps?.close()
    for (const meter of all) meter.close()
  }
  const drive = () =>
    lab.guard(driveFleet(lab.drivers, { load, url: lab.url, signal, opened, closed, observer }))
  const pid = options.counters ? lab.pids.target[0] : undefined
  // A request of the window may have begun before it.
  slowness.open()
  const { value: driven, instructions } = await countInstructions(pid, drive)
  await lab.guard(Promise.resolve(profiled))
  if (options.next !== undefined) surroundings.spares.prepare(options.next)
  const { course, lost, differing, drivers: parts, slow: _, start, ...report } = driven
  const faultTimeline = await faults?.timelineOf(course)
  const [counted, slow] = await Promise.all([
    lab.counts(),
    slowness.causes({ ...driven, bins: evenBins(driven.bins) }),
  ])
  const stepTimes = await steps?.means()
  const costs = await roleCosts({ ...options, meters, lab })
  const processes = costs.map((cost) =>
    cost.role === 'target' && instructions !== undefined ? { ...cost, instructions } : cost,
  )
  const measured = {
    trial,
    startedAt,
    ...report,
    bins: [...report.bins],
    errorKinds: { ...report.errorKinds },
    drivers: [...parts],
    processes,
    ...countsOf(counted),
    ...(options.rate !== undefined && { rate: options.rate }),
    ...(faultTimeline && { faultTimeline }),
    ...(slow && { slow }),
    ...(stepTimes && { steps: stepTimes }),
    ...(start && { start }),
    ...(isElsewhere && { nodes: await nodes.uses() }),
    host:
      hostMeters === undefined
        ? unwatchedHost
        : hostDuring(host, {
            accounted: [...processes, ours.usage()],
            readings: { [hostMeters.field]: await hostMeters.reports() },
          }),
  }
  if (lost.length === 0 && faults === undefined) lab.keepTestBed()
  const { target, driver, backends } = placement
  const cpuSets = isElsewhere ? noCpus : { target, driver, backends }
  const connections = load.connections * streamsOf(load)
  const { backends: plans } = plan
  const fleet = { lost, differing }
  const { turns } = options.arm
  const knobs = { missed, turns, backendProtocol: backendProtocol(counted.backends) }
  const evidence = { measured, cpuSets, connections, backends: plans, fleet, ...knobs }
  return { ...measured, verdict: judge(evidence) }
}

/** CPUs of this host where a trial uses none. */
const noCpus = { target: [], driver: [], backends: [] } as const

/** This host of a trial on nodes, which says nothing about it. */
const unwatchedHost: Measurement['host'] = {
  stealSeconds: 0,
  foreignSeconds: 0,
  throttledSeconds: 0,
  swappedPages: 0,
}

/** Opens the lab and starts the meters on its host, unless it runs elsewhere, at the same time. `started` closes the lab. */
async function setUp(
  options: TrialOptions,
  { beds, meters, spares, started }: TrialSurroundings & { readonly started: AsyncDisposableStack },
) {
  const { plan, arm, trial, placement, tempDir, signal, timesSteps } = options
  const { settings } = plan
  const { seed } = trial
  const driver = driverName(options)
  const profiled = options.profile !== undefined
  const labOptions = {
    plan,
    arm,
    seed,
    placement,
    tempDir,
    signal,
    settings,
    driver,
    beds,
    spares,
    timesSteps,
    profiled,
  }
  const lab = openLab(labOptions).then((one) => started.use(one))
  const hostMeters = beds.isElsewhere
    ? Promise.resolve(undefined)
    : meters.of(trial.phase, placement)
  // If one of them fails, the other must have started before it can be stopped.
  await Promise.allSettled([lab, hostMeters])
  return { lab: await lab, hostMeters: await hostMeters }
}

function loadOf(options: TrialOptions, faults: FaultInjection | undefined, spin: boolean): Load {
  const { plan, arm, trial, rate } = options
  const { request, warmup, duration, timeout } = plan
  const { seed } = trial
  const http2 = arm.turns?.find(({ http2Streams }) => http2Streams !== undefined)?.http2Streams
  const connections = Math.ceil(plan.connections / (http2 ?? 1))
  const common = {
    driver: driverName(options),
    request,
    ...(plan.visits && { visits: { ...plan.visits, driver: 0, drivers: 1 } }),
    connections,
    warmup,
    duration,
    timeout,
    seed,
    ...transportOf(plan.settings?.[arm.target]),
    ...(http2 !== undefined && { http2: true, streams: http2 }),
  }
  return rate === undefined
    ? common
    : {
        ...common,
        ...(faults && { watch: faults.watch }),
        ...(spin && { spin }),
        arrivals: {
          rate,
          spacing: plan.arrivals.spacing,
          maxInFlight: maxInFlight(connections * streamsOf(common), hostLimits()),
        },
      }
}

/** Whether each driver has a CPU of its own, which it may use up. */
function maySpin({ placement }: TrialOptions): boolean {
  const { pinned, shared, driver, processes } = placement
  return pinned && !shared.driver && processes.driver.length <= driver.length
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
