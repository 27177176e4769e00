import type { Counts } from '../driver/driver.ts'

/** A law that every trial must obey, and what became of it. */
export interface Check {
  /** What does not hold, as a full sentence; undefined where it holds. */
  readonly broken: string | undefined
  /** Whether the trial may not enter an estimate when it is broken. */
  readonly fatal: boolean
}

/** What was counted at each end of the walk, from the first request to the last. */
export interface Flow {
  readonly driver: Counts
  /** Most requests that can have been under way when the driver stopped. */
  readonly connections: number
  /** Requests that the target's clients sent it, where the target counts. */
  readonly target: number | undefined
  readonly backends: number
}

/**
 * Requests are conserved: what the driver saw answered was counted by the target, and by the backends, but
 * for those that failed or were cut off when the driver stopped (at most one a connection).
 */
export function conserved(flow: Flow): Check {
  const answered = flow.driver.ok + flow.driver.non2xx
  const unsure = flow.connections + flow.driver.errors + flow.driver.timeouts
  const wrong = [
    { who: 'target', counted: flow.target },
    // What the balancer answers by itself (502, 503, 504) never reached a backend; a retry reaches two.
    { who: 'backends', counted: flow.backends, slack: flow.driver.non2xx },
  ].find(
    ({ counted, slack = 0 }) =>
      counted !== undefined && Math.abs(counted - answered) > unsure + slack,
  )
  return {
    fatal: true,
    broken:
      wrong &&
      `requests were not conserved: the driver saw ${answered} answers and the ${wrong.who} counted ${wrong.counted} requests, which differ by more than the ${unsure} that can have been under way or failed`,
  }
}

/** Something was answered, and failures are not the rule. */
export function answered(window: Counts): Check {
  const failed = window.errors + window.timeouts
  const all = window.ok + window.non2xx + failed
  if (window.ok === 0) {
    return { fatal: true, broken: `no request was answered with success in the window (of ${all})` }
  }
  return {
    fatal: false,
    broken:
      failed + window.non2xx > 0
        ? `${failed + window.non2xx} of ${all} requests failed (${window.errors} errors, ${window.timeouts} time-outs, ${window.non2xx} answers that are not 2xx)`
        : undefined,
  }
}

/** The hypervisor left us the CPUs: over 1 % stolen is worth a line, over 5 % spoils the trial. */
export function unstolen(stealSeconds: number, windowSeconds: number, cpus: number): Check {
  const share = stealSeconds / (windowSeconds * cpus)
  return {
    fatal: share > 0.05,
    broken:
      share > 0.01
        ? `the hypervisor gave ${(share * 100).toFixed(1)} % of the CPU time to other machines`
        : undefined,
  }
}

/** What Little's law is checked with: the closed loop's window, times in seconds. */
export interface Loop {
  readonly window: Counts
  readonly windowSeconds: number
  readonly meanSeconds: number
  readonly connections: number
}

/**
 * Little's law in a closed loop without pauses: connections = throughput × mean time. Off by more than 2 %
 * (5 % below 1,000 requests a connection), some client time is unaccounted for.
 */
export function littlesLaw(loop: Loop): Check {
  const { window, windowSeconds, meanSeconds, connections } = loop
  const ended = window.ok + window.non2xx + window.errors + window.timeouts
  const ratio = ((ended / windowSeconds) * meanSeconds) / connections
  const tolerance = ended < 1000 * connections ? 0.05 : 0.02
  return {
    fatal: true,
    broken:
      Math.abs(ratio - 1) > tolerance
        ? `throughput × mean latency is ${ratio.toFixed(3)} × the ${connections} connections (Little's law allows ${tolerance * 100} % off): some time of the clients is not accounted for`
        : undefined,
  }
}

/** Throughput had settled when the window opened. */
export function steady(settled: boolean): Check {
  return {
    fatal: false,
    broken: settled ? undefined : 'throughput was not steady when the window opened',
  }
}
