import { quantity } from '../../src/kit/units.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { type MetricName, metrics } from '../../src/result/metrics.ts'
import { bySize, type Estimate, significance } from '../sections/estimates.ts'
import { isControl, type ShownArm } from './shown-arms.ts'

/**
 * The best and the worst balancer by a metric in a sentence: `Highest: weighted ×1, ≥ 32,900 req/s; lowest: round-robin ×1,
 * ≥ 29,800 req/s; no significant difference.` With the subject, such as `p99`, in front. Empty where none has it.
 */
export function bestAndWorst(
  document: ResultDocument,
  shown: readonly ShownArm[],
  metric: MetricName,
  subject = '',
): string {
  const rows = shown
    .filter((arm) => arm.row.finding.validity === 'valid' && !isControl(arm))
    .map(({ row }) => row)
  const found = bySize(rows, metric)
  const [highest, lowest] = [found[0], found.at(-1)]
  if (highest === undefined || lowest === undefined) return ''
  const sentence = (text: string) =>
    subject === '' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : `${subject}: ${text}.`
  const named = (one: Estimate) => `${one.row.arm.name}, ${figure(one, metric)}`
  if (highest === lowest) return sentence(named(highest))
  const [first, last] = [`highest: ${named(highest)}`, `lowest: ${named(lowest)}`]
  const [a, b] = metrics[metric].better === 'more' ? [first, last] : [last, first]
  const { isSignificant } = significance(document, [highest, lowest], metric)
  const note = isSignificant ? '' : '; no significant difference'
  return sentence(`${a}; ${b}${note}`)
}

function figure({ row, summary }: Estimate, metric: MetricName): string {
  const bound = metric === 'throughput' && row.finding.isLowerBound ? '≥ ' : ''
  return `${bound}${quantity(summary.center, metrics[metric].unit)}`
}
