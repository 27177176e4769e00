import { AdminError } from './admin-error.ts'

/** How long a profile takes at most, in seconds. */
const maxSeconds = 60

/** Query of a request for a profile. */
export interface ProfileQuery {
  readonly seconds: number
  readonly format: 'pprof' | 'json'
}

/**
 * Reads `seconds` and `format` of a request for a profile. Other fields are ignored: tools add some.
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
  return { seconds, format }
}

/** A decimal number; NaN for other text. */
function numberOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}
