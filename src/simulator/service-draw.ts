import { cosineOfTurn, exp, log } from '../kit/portable-math.ts'
import type { Service } from './options.ts'

/**
 * The service time in seconds of two numbers that are uniform over [0, 1). The numbers belong to the request and not to the
 * backend: so all algorithms, and all backends of one kind, meet the same work. The functions of portable-math.ts give the
 * same bits on every machine.
 */
export type ServiceDraw = (first: number, second: number) => number

export function serviceDraw(service: Service): ServiceDraw {
  switch (service.kind) {
    case 'none':
      return () => 0
    case 'fixed':
      return () => service.seconds
    case 'exponential':
      return (first) => -service.mean * log(1 - first)
    case 'lognormal':
      return (first, second) =>
        service.median * exp(service.sigma * Math.sqrt(-2 * log(1 - first)) * cosineOfTurn(second))
    case 'hyperexponential':
      return hyperexponential(service)
    case 'empirical':
      return empirical(service)
  }
}

/** Mean of a service time, in seconds. */
export function meanOf(service: Service): number {
  switch (service.kind) {
    case 'none':
      return 0
    case 'fixed':
      return service.seconds
    case 'exponential':
    case 'hyperexponential':
      return service.mean
    case 'lognormal':
      return service.median * exp(service.sigma ** 2 / 2)
    case 'empirical':
      return service.seconds.reduce((sum, seconds, i) => {
        const [from, below] =
          i === 0 ? [seconds, 0] : [at(service.seconds, i - 1), at(service.cumulative, i - 1)]
        return sum + (at(service.cumulative, i) - below) * ((from + seconds) / 2)
      }, 0)
  }
}

/** Balanced means: each branch has half of the work. Source: Whitt, The Queueing Network Analyzer, BSTJ 62(9), 1983, section 5.1. */
function hyperexponential({
  mean,
  scv,
}: {
  readonly mean: number
  readonly scv: number
}): ServiceDraw {
  const often = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2
  const short = mean / (2 * often)
  const long = mean / (2 * (1 - often))
  return (first, second) => -(second < often ? short : long) * log(1 - first)
}

/** The inverse of the distribution, linear between its points. */
function empirical({
  seconds,
  cumulative,
}: {
  readonly seconds: readonly number[]
  readonly cumulative: readonly number[]
}): ServiceDraw {
  return (first) => {
    let low = 0
    let high = cumulative.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (at(cumulative, middle) > first) high = middle
      else low = middle + 1
    }
    if (low === 0) return at(seconds, 0)
    const [from, to] = [at(cumulative, low - 1), at(cumulative, low)]
    const share = to === from ? 1 : Math.min(1, (first - from) / (to - from))
    return at(seconds, low - 1) + share * (at(seconds, low) - at(seconds, low - 1))
  }
}

function at(values: readonly number[], index: number): number {
  return values[index] as number
}

/** The same distribution, `factor` times as long. */
export function scaledService(service: Service, factor: number): Service {
  switch (service.kind) {
    case 'none':
      return service
    case 'fixed':
      return { ...service, seconds: service.seconds * factor }
    case 'exponential':
    case 'hyperexponential':
      return { ...service, mean: service.mean * factor }
    case 'lognormal':
      return { ...service, median: service.median * factor }
    case 'empirical':
      return { ...service, seconds: service.seconds.map((seconds) => seconds * factor) }
  }
}
