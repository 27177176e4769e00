/** Result of a check of one trial by a law. */
export interface LawCheck {
  readonly holds: boolean
  /** The value found, as a multiple of the one that the law requires, or as a share: see each law. */
  readonly value: number
}

/** Slack for the arithmetic, so that a bound that is met exactly counts as met. */
const rounding = 1e-9

/** A closed loop over one window, in seconds and requests per second. */
export interface ClosedLoop {
  readonly connections: number
  /** Requests that ended per second, whatever became of them. */
  readonly rate: number
  /** Mean time of the same requests, errors and time-outs included. */
  readonly meanSeconds: number
  /** Pause between an answer and the next request. */
  readonly thinkSeconds?: number
  /** Requests of the window per connection: with fewer than 1,000 the ends of the window weigh more. */
  readonly requestsPerConnection?: number
}

/**
 * Little's law: as many requests are under way as there are connections, X·(R + Z) = N, to within 2 %
 * (5 % for a short window). `value`: the left side as a multiple of the right.
 *
 * Source: Little, Operations Research 9(3), 1961; Denning and Buzen, ACM Computing Surveys 10(3), 1978.
 */
export function little({
  connections,
  rate,
  meanSeconds,
  thinkSeconds = 0,
  requestsPerConnection = Number.POSITIVE_INFINITY,
}: ClosedLoop): LawCheck {
  const value = (rate * (meanSeconds + thinkSeconds)) / connections
  const tolerance = requestsPerConnection < 1000 ? 0.05 : 0.02
  return { holds: Math.abs(value - 1) <= tolerance + rounding, value }
}

/** CPU time that a process used over a window. */
export interface CpuUse {
  readonly cpuSeconds: number
  readonly windowSeconds: number
  readonly requests: number
  /** CPUs of the host that this process, the driver and the backends share. */
  readonly cpus: number
}

/** What requests cost a process, and how much of the host it took. */
export interface Utilisation extends LawCheck {
  /** CPU-seconds per request. */
  readonly secondsPerRequest: number
  /** CPUs that were busy with it, on average: rate times seconds per request. */
  readonly cpusUsed: number
}

/** Share of its CPUs, or of the requests that it can serve, from which on a process is saturated: the rest is lost to timer ticks and wake-ups. */
export const saturation = 0.9

/**
 * The utilisation law, U = X·S. A process that used nearly all CPUs of the host starved the driver and
 * the backends beside it. `value`: the share of the CPUs that it used.
 *
 * Source: Denning and Buzen, 1978.
 */
export function utilisation({ cpuSeconds, windowSeconds, requests, cpus }: CpuUse): Utilisation {
  const cpusUsed = cpuSeconds / windowSeconds
  const value = cpusUsed / cpus
  return { secondsPerRequest: cpuSeconds / requests, cpusUsed, holds: value < saturation, value }
}

/**
 * The utilisation law across two loads: CPUs used are rate times CPU per request, to within `tolerance`,
 * if a request costs the same. `value`: what was used as a multiple of that.
 */
export function utilisationLaw(
  { cpusUsed, rate }: { cpusUsed: number; rate: number },
  secondsPerRequest: number,
  tolerance = 0.1,
): LawCheck {
  const value = cpusUsed / (rate * secondsPerRequest)
  return { holds: Math.abs(value - 1) <= tolerance + rounding, value }
}

/** Flow balance: over a window no more than 1 % of the arrivals are left over. `value`: that share. */
export function flow(arrivals: number, completions: number): LawCheck {
  const value =
    arrivals === 0 ? (completions === 0 ? 0 : 1) : Math.abs(arrivals - completions) / arrivals
  return { holds: value <= 0.01 + rounding, value }
}

/** Requests counted at each end of a trial, from its first to its last. */
export interface Counted {
  readonly driver: number
  /** Where the target counts. */
  readonly target?: number
  /** One number a backend. */
  readonly backends: readonly number[]
  /** Requests that may have been counted at one end only: under way, failed, answered by the target itself. */
  readonly unsure: number
}

/**
 * Conservation: driver, target and backends counted the same requests, but for those that may have been
 * under way. `value`: the greatest difference, in requests.
 */
export function conservation({ driver, target = driver, backends, unsure }: Counted): LawCheck {
  const behind = backends.reduce((sum, count) => sum + count, 0)
  const value = Math.max(Math.abs(driver - target), Math.abs(driver - behind))
  return { holds: value <= unsure, value }
}

/** Requests planned and sent by an open-loop driver. */
export interface Sending {
  readonly planned: number
  readonly sent: number
  /** Requests sent later than the lateness allowed: see `allowedLateness`. */
  readonly late: number
}

/**
 * Send rate: an open-loop driver must send at least 99.5 % of what was planned, and 99 % of it on time
 * (its p99 lateness is below what is allowed). `value`: the share sent.
 */
export function sendRate({ planned, sent, late }: Sending): LawCheck {
  const value = planned === 0 ? 1 : sent / planned
  const onTime = late <= 0.01 * sent
  return { holds: value >= 0.995 - rounding && onTime, value }
}

/** How late, in seconds, an open-loop driver may be at its p99: 0.2 ms, or 5 % of the median it reports. */
export function allowedLateness(medianSeconds: number): number {
  return Math.max(0.0002, 0.05 * medianSeconds)
}
