import type { Placement } from '../../lab/cores.ts'
import { hostLimits, maxInFlight } from '../../lab/host-limits.ts'
import type { Arm, Load, Plan, Trial } from '../../plan/plan.ts'
import { streamsOf, transportOf } from '../../plan/transport.ts'
import { driverName } from './driver-name.ts'

/** The options of a trial that its load depends on: its arm, and the CPUs of its processes. */
export interface TrialLoadOptions {
  readonly plan: Plan
  readonly arm: Arm
  readonly trial: Trial
  readonly placement: Placement
  /** Requests per second, in the latency phase. */
  readonly rate: number | undefined
  /** Name of the driver of a closed loop. */
  readonly driver?: string | undefined
}

/** How the load of a trial is watched, and where its drivers run. */
interface LoadSurroundings {
  /** Time resolution of the outcomes to report. */
  readonly watch?: Load['watch'] | undefined
  /** Whether the drivers run on other hosts. */
  readonly isElsewhere: boolean
}

/** The load of all drivers of a trial together. */
export function trialLoad(
  options: TrialLoadOptions,
  { watch, isElsewhere }: LoadSurroundings,
): Load {
  const { plan, arm, trial, rate, placement } = options
  const { request, warmup, duration, timeout } = plan
  const { seed } = trial
  const { length: drivers } = placement.processes.driver
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
        connections: Math.min(connections, Math.max(drivers, openedWhile(warmup.least, rate))),
        ...(watch && { watch }),
        ...(!isElsewhere && maySpin(options) && { spin: true }),
        arrivals: {
          rate,
          spacing: plan.arrivals.spacing,
          maxInFlight: maxInFlight(connections * streamsOf(common), hostLimits()),
        },
      }
}

/** Connections that are opened while so many seconds of arrivals come, each by its first one: in the window that would count as latency. */
function openedWhile(seconds: number, rate: number): number {
  return seconds === 0 ? Number.POSITIVE_INFINITY : Math.floor(seconds * rate)
}

/** Whether each driver has a CPU of its own, which it may use up. */
function maySpin({ placement }: TrialLoadOptions): boolean {
  const { pinned, shared, driver, processes } = placement
  return pinned && !shared.driver && processes.driver.length <= driver.length
}
