import { meanServiceSeconds } from '../../plan/service-time.ts'
import { saturation } from '../../stats/trial/laws.ts'
import type { Bottleneck } from './bottleneck.ts'
import type { Evidence, Measured } from './evidence.ts'

/** Fraction of a request's mean time from which on the service time of the backends makes them the bottleneck. */
const mostOfLatency = 0.5

/**
 * Backends that are the bottleneck by their configured service time, with hardly any CPU used: one that works on as
 * many requests at once as it may, or all of them where most of each request's time is theirs. Closed loop
 * only: in an open loop the rate is given.
 *
 * Source: the asymptotic bounds of Denning and Buzen, ACM Computing Surveys 10(3), 1978.
 */
export function backendBottleneck({ measured, backends }: Evidence): Bottleneck | undefined {
  const all = measured.perBackend.reduce((sum, count) => sum + count, 0)
  if (measured.trial.phase !== 'capacity' || all === 0) return undefined
  const loads = backends.map(({ serviceTime, concurrency }, i) => ({
    share: (measured.perBackend[i] ?? 0) / all,
    seconds: meanServiceSeconds(serviceTime),
    concurrency,
  }))
  return backendAtCapacity(loads, measured) ?? slowBackends(loads, measured)
}

/** The load of one backend. */
interface BackendLoad {
  /** Of all requests. */
  readonly share: number
  /** Mean service time. */
  readonly seconds: number
  readonly concurrency: number
}

function backendAtCapacity(
  loads: readonly BackendLoad[],
  { window, windowSeconds }: Measured,
): Bottleneck | undefined {
  const total = (window.ok + window.non2xx) / windowSeconds
  for (const [i, { share, seconds, concurrency }] of loads.entries()) {
    if (concurrency === 0 || seconds === 0) continue
    const [rate, maxRate] = [total * share, concurrency / seconds]
    if (rate < saturation * maxRate) continue
    return {
      bottleneck: 'backends',
      reason: { code: 'backend-at-capacity', values: { backend: i + 1, rate, maxRate } },
    }
  }
  return undefined
}

function slowBackends(
  loads: readonly BackendLoad[],
  { meanSeconds }: Measured,
): Bottleneck | undefined {
  const seconds = loads.reduce((sum, load) => sum + load.share * load.seconds, 0)
  const serviceShare = seconds / meanSeconds
  if (seconds === 0 || serviceShare < mostOfLatency) return undefined
  return {
    bottleneck: 'backends',
    reason: { code: 'backends-slow', values: { meanSeconds, serviceShare } },
  }
}
