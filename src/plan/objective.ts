import { duration } from '../kit/duration.ts'
import { UsageError } from '../kit/errors.ts'
import { percentage } from '../kit/percentage.ts'

/** What a target must hold: a percentile of the response time, or the share of requests that fail. */
export type Objective =
  | { readonly kind: 'percentile'; readonly percent: number; readonly seconds: number }
  | { readonly kind: 'errors'; readonly share: number }

/**
 * Reads an objective: `p99<20ms`, `p99.9<50ms`, `errors<0.1%`.
 *
 * @throws {UsageError} it is none of these
 */
export function objective(text: string): Objective {
  const [, what = '', limit = ''] = /^\s*(p\d+(?:\.\d+)?|errors)\s*<\s*(.+)$/.exec(text) ?? []
  if (what === 'errors') {
    const share = percentage(limit)
    if (share !== undefined) return { kind: 'errors', share }
  }
  const percent = Number(what.slice(1))
  const seconds = duration(limit)
  if (
    what.startsWith('p') &&
    percent > 0 &&
    percent < 100 &&
    seconds !== undefined &&
    seconds > 0
  ) {
    return { kind: 'percentile', percent, seconds }
  }
  throw new UsageError(
    `"${text}" is no objective`,
    'give one such as p99<20ms, p99.9<50ms or errors<0.1%',
  )
}

/** An objective in the words in which it is given. */
export function objectiveText(one: Objective): string {
  return one.kind === 'errors'
    ? `errors<${Number((one.share * 100).toPrecision(6))}%`
    : `p${one.percent}<${Number((one.seconds * 1e3).toPrecision(6))}ms`
}
