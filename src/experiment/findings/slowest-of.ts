import type { BackendPlan, Plan } from '../../plan/plan.ts'
import { meanServiceSeconds } from '../../plan/service-time.ts'
import type { Finding } from '../../result/document.ts'

type Slowest = NonNullable<NonNullable<Finding['balance']>['slowest']>

/**
 * The share of the slowest backends in all requests, and their share in proportion to speed. Undefined where
 * all are equally fast, where one has no service time, and where there were no requests.
 */
export function slowestOf(
  backends: Plan['backends'],
  perBackend: readonly number[],
): Slowest | undefined {
  const means = backends.map(({ serviceTime }) => meanServiceSeconds(serviceTime))
  const longest = Math.max(...means)
  const total = sum(perBackend)
  if (Math.min(...means) === longest || means.includes(0) || total === 0) return undefined
  const slow = means.flatMap((mean, i) => (mean === longest ? [i] : []))
  const speeds = backends.map((backend, i) => speed(backend, means[i] as number))
  const ofSlow = (values: readonly number[]) => sum(slow.map((i) => values[i] as number))
  return {
    backends: slow,
    share: ofSlow(perBackend) / total,
    shareBySpeed: ofSlow(speeds) / sum(speeds),
  }
}

/** Requests per second that it can serve, with the same concurrency for all backends without a limit. */
function speed({ concurrency }: BackendPlan, mean: number): number {
  return Math.max(1, concurrency) / mean
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
