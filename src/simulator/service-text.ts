import { duration } from '../kit/duration.ts'
import { UsageError } from '../kit/errors.ts'
import { serviceTimeText } from '../plan/fields.ts'
import type { Service } from './options.ts'

/**
 * A service time as in scenarios, or `hyperexponential 5ms 4`: the mean and the squared coefficient of variation.
 *
 * @throws {UsageError} it is none of them
 */
export function serviceOf(text: string): Service {
  const [kind, mean = '', scv, ...rest] = text.trim().split(/[\s:]+/)
  if (kind === 'hyperexponential' && rest.length === 0) {
    const seconds = duration(mean)
    if (seconds !== undefined && seconds > 0 && Number(scv) > 1) {
      return { kind, mean: seconds, scv: Number(scv) }
    }
  } else {
    const read = serviceTimeText.safeParse(text)
    if (read.success && read.data.kind !== 'none') return read.data
  }
  throw new UsageError(
    `--service-time "${text}" is not a service time`,
    'use 5ms, "exponential 5ms", "lognormal 5ms 0.5" (median, sigma) or "hyperexponential 5ms 4" (mean, squared variation above 1)',
  )
}

/** A service time in words: `exponential 5 ms`. */
export function serviceText(service: Service): string {
  const ms = (seconds: number) => `${Number((seconds * 1000).toPrecision(4))} ms`
  switch (service.kind) {
    case 'none':
      return 'no service time'
    case 'fixed':
      return `fixed ${ms(service.seconds)}`
    case 'exponential':
      return `exponential ${ms(service.mean)}`
    case 'lognormal':
      return `lognormal ${ms(service.median)} ${service.sigma}`
    case 'hyperexponential':
      return `hyperexponential ${ms(service.mean)} ${service.scv}`
    case 'empirical':
      return `measured histogram of ${service.seconds.length} points`
  }
}
