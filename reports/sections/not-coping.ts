import { quantity } from '../../src/kit/units.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { bySize, type Estimate } from './estimates.ts'
import { type Row, withSameCores } from './rows.ts'

/** Factor from the typical arm on at which an arm does not cope. A judgement: algorithms of one balancer seldom differ by 1.2. */
const farBehind = 1.5

/**
 * Arms that do not cope with a load that the others carry, with the figures: throughput or p99 worse than that of the
 * median arm by a factor of 1.5 or more, and intervals that do not overlap. Only with 3 arms or more, so that there is a
 * median, and only fewer than half of them.
 */
export function notCoping(capacity: readonly Row[], latency: readonly Row[]): string[] {
  const found = [
    ...behind(withSameCores(capacity), 'throughput'),
    ...behind(withSameCores(latency.length > 0 ? latency : capacity), 'latencyP99'),
  ]
  const groups = Map.groupBy(found, ({ label }) => label)
  return [...groups].map(
    ([label, all]) =>
      `${capital(label)} does not cope: ${all.map(({ words }) => words).join('; ')}.`,
  )
}

interface Behind {
  readonly label: string
  readonly words: string
}

function behind(rows: readonly Row[], metric: 'throughput' | 'latencyP99'): Behind[] {
  const sorted = bySize(rows, metric)
  const better = metric === 'throughput' ? sorted : sorted.toReversed()
  const typical = better[Math.floor((better.length - 1) / 2)]
  if (typical === undefined || better.length < 3) return []
  const isBehind = (one: Estimate) => isFar(one, typical, metric)
  const [bad, good] = [better.filter(isBehind), better.filter((one) => !isBehind(one))]
  if (bad.length * 2 >= better.length) return []
  const ends = good.map(({ summary }) => summary.center)
  const others = rangeText(Math.min(...ends), Math.max(...ends), metric)
  return bad.map(({ row, summary }) => {
    const name =
      metric === 'throughput'
        ? ''
        : row.finding.phase === 'capacity'
          ? 'p99 at saturation '
          : 'p99 '
    const own = `${name}${quantity(summary.center, unitOf(metric))}`
    return { label: row.label, words: `${own}, against ${others} of the others` }
  })
}

/** Whether an estimate is far on the bad side of another, and their intervals do not overlap. */
function isFar({ summary }: Estimate, { summary: typical }: Estimate, metric: MetricName): boolean {
  const [large, small] = metric === 'throughput' ? [typical, summary] : [summary, typical]
  return large.center >= farBehind * small.center && large.low > small.high
}

function unitOf(metric: 'throughput' | 'latencyP99'): 'req/s' | 's' {
  return metric === 'throughput' ? 'req/s' : 's'
}

function rangeText(low: number, high: number, metric: 'throughput' | 'latencyP99'): string {
  const [from, to] = [low, high].map((value) => quantity(value, unitOf(metric)))
  return from === to ? `${to}` : `${from} to ${to}`
}

function capital(label: string): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}`
}
