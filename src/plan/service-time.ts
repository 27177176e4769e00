import type { ServiceTime } from './plan.ts'

/** Mean of a backend's service time, in seconds. */
export function meanServiceSeconds(time: ServiceTime): number {
  switch (time.kind) {
    case 'none':
      return 0
    case 'fixed':
      return time.seconds
    case 'exponential':
      return time.mean
    case 'lognormal':
      return time.median * Math.exp(time.sigma ** 2 / 2)
  }
}
