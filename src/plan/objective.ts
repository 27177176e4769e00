import { percentage } from '../kit/percentage.ts'
import { limitValue } from './thresholds/limit.ts'
import { percentileNamed } from './thresholds/load-quantity.ts'
import { refuseLoadParts } from './thresholds/refuse-load-parts.ts'
import { thresholdError } from './thresholds/threshold-error.ts'
import { type ThresholdParts, thresholdParts } from './thresholds/threshold-parts.ts'

/** A service level objective: a limit on a percentile of the response time (100: the slowest), or on the fraction of failed requests. */
export type Objective =
  | { readonly kind: 'percentile'; readonly percent: number; readonly seconds: number }
  | { readonly kind: 'errors'; readonly share: number }

/** Limits that are objectives, for messages. */
const examples = 'p99<20ms, p99.9<50ms, max<1s or errors<0.1%'

/**
 * Parses an objective: `p99<20ms`, `p99.9<50ms`, `max<1s`, `errors<0.1%`. Grammar: docs/reference/thresholds.md.
 *
 * @throws {UsageError} naming the column of the part that is not valid
 */
export function objective(text: string): Objective {
  const written = { text, source: '--slo' }
  const parts = thresholdParts(written)
  const { metric, comparison, limit } = parts
  const percent = metric.text === 'max' ? 100 : percentileNamed(metric.text)
  if (percent === undefined && metric.text !== 'errors') {
    throw thresholdError(written, {
      column: metric.column,
      problem: metric.text === '' ? 'no metric' : `"${metric.text}" is not an objective`,
      remedy: `give a limit such as ${examples}`,
    })
  }
  if (comparison.text !== '<') {
    throw thresholdError(written, {
      column: comparison.column,
      problem:
        comparison.text === ''
          ? `no < after "${metric.text}"`
          : `"${comparison.text}" after "${metric.text}": an objective states what must hold`,
      remedy: `write '${metric.text}<${limit.text || '20ms'}' in quotes`,
    })
  }
  const found = limited(percent, parts)
  if (found === undefined) {
    throw thresholdError(written, {
      column: limit.column,
      problem: limit.text === '' ? 'no limit' : `"${limit.text}" is not a limit of ${metric.text}`,
      remedy: `write for example ${metric.text}<${percent === undefined ? '0.1%' : '20ms'}`,
    })
  }
  refuseLoadParts(written, parts)
  return found
}

/** The objective with its limit; undefined where the limit is none, or 0. */
function limited(percent: number | undefined, { limit }: ThresholdParts): Objective | undefined {
  if (percent === undefined) {
    const share = percentage(limit.text)
    return share === undefined ? undefined : { kind: 'errors', share }
  }
  const seconds = limitValue(limit.text, 's')
  return seconds ? { kind: 'percentile', percent, seconds } : undefined
}

/** An objective as text that `objective` parses. */
export function objectiveText(one: Objective): string {
  return one.kind === 'errors'
    ? `errors<${Number((one.share * 100).toPrecision(6))}%`
    : `${one.percent === 100 ? 'max' : `p${one.percent}`}<${Number((one.seconds * 1e3).toPrecision(6))}ms`
}
