import { usualIntervalMs } from '../profiling/profile-options.ts'
import { AdminError } from './admin-error.ts'

/** How long a profile takes at most, in seconds. */
const maxSeconds = 60

/** Milliseconds between two samples at most: a profile of some seconds would have too few. */
const maxIntervalMs = 100

/** Query of a request for a profile. */
export interface ProfileQuery {
  readonly seconds: number
  /** Between two samples of CPU time. */
  readonly intervalMs: number
  readonly format: 'pprof' | 'json'
}

/**
 * Reads `seconds`, `interval` and `format` of a request for a profile. Other fields are ignored: tools add some.
 *
 * @param url the request target
 * @throws AdminError 400 for a value that is not supported
 */
export function profileQuery(url: string, defaultSeconds: number): ProfileQuery {
  const { searchParams } = new URL(url, 'http://localhost')
  const typed = searchParams.get('seconds')
  const seconds = typed === null ? defaultSeconds : numberOf(typed)
  if (!(seconds > 0 && seconds <= maxSeconds)) {
    throw new AdminError(400, `seconds=${typed} is not above 0 and at most ${maxSeconds}`, {
      hint: `use seconds=${defaultSeconds}`,
    })
  }
  const format = searchParams.get('format') ?? 'pprof'
  if (format !== 'pprof' && format !== 'json') {
    throw new AdminError(400, `format=${format} is not supported`, {
      hint: 'use format=pprof or format=json',
    })
  }
  return { seconds, format, intervalMs: intervalOf(searchParams.get('interval')) }
}

/** V8 takes whole milliseconds only. */
function intervalOf(typed: string | null): number {
  const intervalMs = typed === null ? usualIntervalMs : numberOf(typed)
  if (Number.isInteger(intervalMs) && intervalMs >= 1 && intervalMs <= maxIntervalMs) {
    return intervalMs
  }
  throw new AdminError(400, `interval=${typed} is no whole number from 1 to ${maxIntervalMs}`, {
    hint: `use interval=${usualIntervalMs}: milliseconds between two samples`,
  })
}

/** A decimal number; NaN for other text. */
function numberOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}
