import { duration } from '../kit/duration.ts'
import { UsageError } from '../kit/errors.ts'
import { percentage } from '../kit/percentage.ts'

/** A service level objective: a limit on a percentile of the response time (100: the slowest), or on the fraction of failed requests. */
export type Objective =
  | { readonly kind: 'percentile'; readonly percent: number; readonly seconds: number }
  | { readonly kind: 'errors'; readonly share: number }

/**
 * Parses an objective: `p99<20ms`, `p99.9<50ms`, `max<1s`, `errors<0.1%`.
 *
 * @throws {UsageError} the text is not an objective
 */
export function objective(text: string): Objective {
  const [, subject = '', limit = ''] =
    /^\s*(p\d+(?:\.\d+)?|max|errors)\s*<\s*(.+)$/.exec(text) ?? []
  if (subject === 'errors') {
    const share = percentage(limit)
    if (share !== undefined) return { kind: 'errors', share }
  }
  const percent = subject === 'max' ? 100 : Number(subject.slice(1))
  const seconds = duration(limit)
  if (percent > 0 && (percent < 100 || subject === 'max') && seconds !== undefined && seconds > 0) {
    return { kind: 'percentile', percent, seconds }
  }
  throw new UsageError(
    `"${text}" is not an objective`,
    'give a limit such as p99<20ms, p99.9<50ms, max<1s or errors<0.1%',
  )
}

/** An objective as text that `objective` parses. */
export function objectiveText(one: Objective): string {
  return one.kind === 'errors'
    ? `errors<${Number((one.share * 100).toPrecision(6))}%`
    : `${one.percent === 100 ? 'max' : `p${one.percent}`}<${Number((one.seconds * 1e3).toPrecision(6))}ms`
}
