import type { MetricKind } from '../options/translate-threshold.ts'
import { countSelected } from './selected-metrics.ts'
import type { SharedState } from './shared-state.ts'
import { clientOf, type VirtualUser } from './virtual-user.ts'

/** The stand-in for `k6/metrics`: metrics that the script counts itself. */
export function metricsModule(user: VirtualUser, shared: SharedState): Record<string, unknown> {
  const metric = (kind: MetricKind) =>
    class {
      readonly name: string
      constructor(name: string) {
        this.name = name
        shared.metrics.set(name, kind)
      }
      add(value: number | boolean, tags: Readonly<Record<string, string>> = {}): boolean {
        clientOf(user, `${this.name}.add()`).metric(this.name, kind, Number(value))
        countSelected(user, shared, { metric: this.name, value: Number(value), tags })
        return true
      }
    }
  return {
    Trend: metric('trend'),
    Counter: metric('counter'),
    Rate: metric('rate'),
    Gauge: metric('gauge'),
  }
}
