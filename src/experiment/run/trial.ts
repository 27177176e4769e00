import { driveFleet, type LoadObserver } from '../../driver/fleet/drive-fleet.ts'
import type { Lab, LabCounts } from '../../lab/lab.ts'
import { missedTurns } from '../../lab/read-back.ts'
import { meterHost } from '../../meter/host.ts'
import { meterProcesses } from '../../meter/process.ts'
import type { Arm } from '../../plan/plan.ts'
import { streamsOf } from '../../plan/transport.ts'
import type { Measurement } from '../../result/document.ts'
import { evenBins } from '../slow/stage-bins.ts'
import { judge } from '../verdict/verdict.ts'
import { backendProtocol } from './backend-protocol.ts'
import { injectFaults } from './fault-injection.ts'
import { hostDuring, unwatchedHost } from './host-during.ts'
import { countInstructions } from './instructions.ts'
import type { KeptMeters } from './kept-meters.ts'
import { nodeMeters } from './node-meters.ts'
import { roleCosts } from './role-costs.ts'
import { roleMeters } from './role-meters.ts'
import { slowMeters } from './slow-meters.ts'
import { stepReader } from './step-reader.ts'
import { type LabSurroundings, openTrialLab, type TrialLabOptions } from './trial-lab.ts'
import { trialLoad } from './trial-load.ts'

/** A running target whose profile can be taken. */
export interface ProfiledTarget extends Pick<Lab, 'admin'> {
  /** Its first processes. */
  readonly pids: readonly number[]
}

/** One trial to run. */
export interface TrialOptions extends TrialLabOptions {
  /**
   * The processes of earlier trials, whose target keeps its state; it drives with as many of the drivers as the placement has.
   * Without it, new ones are started, and end with the trial.
   */
  readonly lab?: Lab | undefined
  /** Whether the target's instructions are counted; on a host that cannot count them, that only costs time. */
  readonly counters?: boolean | undefined
  /** The arm of the next trial, the process of whose target is started once the load has ended. */
  readonly next?: Arm | undefined
  /** Takes a profile of the target from the begin of the window on; an error of it fails the trial. */
  readonly profile?: ((target: ProfiledTarget) => Promise<void>) | undefined
}

/** What trials of one command share: the processes that serve several of them. */
export interface TrialSurroundings extends Pick<LabSurroundings, 'beds' | 'spares'> {
  readonly meters: KeptMeters
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
  const before = options.lab && (await lab.counts())
  const meters = roleMeters(lab)
  const ours = meterProcesses(() => [process.pid])
  const host = meterHost()
  const slowness = slowMeters(lab)
  const nodes = nodeMeters(lab)
  const all = [...meters.values(), ours, host, ...(hostMeters ? [hostMeters] : []), slowness, nodes]
  const faults = injectFaults(lab, plan, options.rate)

  const load = trialLoad(options, { watch: faults?.watch, isElsewhere })
  const drivers = driversOf(options, lab)
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
    lab.guard(driveFleet(drivers, { load, url: lab.url, signal, opened, closed, observer }))
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
    ...countsOf(counted, before),
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

/** The drivers of a trial: all of a lab of its own, as many as it needs of one that serves others too. */
function driversOf({ lab: shared, placement }: TrialOptions, { drivers }: Lab): Lab['drivers'] {
  return shared === undefined ? drivers : drivers.slice(0, placement.processes.driver.length)
}

/** CPUs of this host where a trial uses none. */
const noCpus = { target: [], driver: [], backends: [] } as const

/** Opens the lab, unless there is one, and starts the meters on its host, unless it runs elsewhere, at the same time. `started` closes the lab. */
async function setUp(
  options: TrialOptions,
  { beds, meters, spares, started }: TrialSurroundings & { readonly started: AsyncDisposableStack },
) {
  const { trial, placement, profile } = options
  const profiled = profile !== undefined
  const lab =
    options.lab === undefined
      ? openTrialLab(options, { beds, spares, profiled }).then((one) => started.use(one))
      : Promise.resolve(options.lab)
  const hostMeters = beds.isElsewhere
    ? Promise.resolve(undefined)
    : meters.of(trial.phase, placement)
  // If one of them fails, the other must have started before it can be stopped.
  await Promise.allSettled([lab, hostMeters])
  return { lab: await lab, hostMeters: await hostMeters }
}

/** Requests as counted by the backends and the target, of which `before` were of earlier trials. */
function countsOf({ backends, target }: LabCounts, before: LabCounts | undefined) {
  const added = (counts: readonly number[], earlier: readonly number[] = []) =>
    counts.map((count, i) => count - (earlier[i] ?? 0))
  const receivedBy = (counts: LabCounts) => counts.backends.map(({ received }) => received)
  return {
    perBackend: added(receivedBy({ backends, target }), before && receivedBy(before)),
    ...(target && {
      targetRequests: target.requests - (before?.target?.requests ?? 0),
      perWorker: added(target.perWorker, before?.target?.perWorker),
    }),
  }
}
