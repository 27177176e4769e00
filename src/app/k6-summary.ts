import type { LoadResult } from '../result/schemas/load.ts'
import { decode, type Histogram, merge } from '../stats/histogram/histogram.ts'

/** A metric of k6's summary. Times are in milliseconds. */
interface SummaryMetric {
  readonly type: 'trend' | 'counter' | 'rate' | 'gauge'
  readonly contains: 'time' | 'default'
  readonly values: Readonly<Record<string, number>>
}

/** The argument of `handleSummary`, in the form that k6 documents. */
interface K6Summary {
  readonly metrics: Readonly<Record<string, SummaryMetric>>
  readonly root_group: {
    readonly name: ''
    readonly path: ''
    readonly groups: readonly []
    readonly checks: readonly {
      readonly name: string
      readonly passes: number
      readonly fails: number
    }[]
  }
  readonly state: { readonly testRunDurationMs: number }
}

/** The figures of a load test that `handleSummary` of a k6 script gets: those that lb has, by k6's names. */
export function k6Summary({ stages, metrics, seconds }: LoadResult): K6Summary {
  const steps = stages.flatMap((stage) => Object.values(stage.steps))
  const ok = sum(steps.map((step) => step.ok))
  const failed = sum(steps.flatMap((step) => Object.values(step.failed)))
  const checks = Map.groupBy(
    steps.flatMap((step) => Object.entries(step.checks)),
    ([name]) => name,
  )
  const counted = [...checks].map(([name, all]) => ({
    name,
    passes: sum(all.map(([, one]) => one.passed)),
    fails: sum(all.map(([, one]) => one.failed)),
  }))
  const [passes, fails] = [
    sum(counted.map((one) => one.passes)),
    sum(counted.map((one) => one.fails)),
  ]
  // Values of µs are ms × 1,000, as those of other trends are.
  const times = merge(steps.map(({ latency }) => latency))
  return {
    metrics: {
      http_reqs: counter(ok + failed, seconds),
      http_req_duration: { ...trend(times), contains: 'time' },
      http_req_failed: rate(failed, ok),
      iterations: counter(sum(stages.map(({ visits }) => visits)), seconds),
      ...(passes + fails > 0 && { checks: rate(passes, fails) }),
      ...Object.fromEntries(
        Object.entries(metrics).map(([name, one]) => [name, ofScript(one, seconds)]),
      ),
    },
    root_group: { name: '', path: '', groups: [], checks: counted },
    state: { testRunDurationMs: seconds * 1e3 },
  }
}

function ofScript(
  { kind, count, sum: total, last, trend: encoded }: LoadResult['metrics'][string],
  seconds: number,
): SummaryMetric {
  switch (kind) {
    case 'counter':
      return counter(total, seconds)
    case 'rate':
      return rate(total, count - total)
    case 'gauge':
      return { type: 'gauge', contains: 'default', values: { value: last } }
    default:
      return trend(encoded === undefined ? merge([]) : decode(encoded))
  }
}

function counter(count: number, seconds: number): SummaryMetric {
  const values = { count, rate: seconds > 0 ? count / seconds : 0 }
  return { type: 'counter', contains: 'default', values }
}

/** A rate of values of which so many are true, as k6 writes it: `passes` are the true ones. */
function rate(passes: number, fails: number): SummaryMetric {
  const values = { rate: passes + fails > 0 ? passes / (passes + fails) : 0, passes, fails }
  return { type: 'rate', contains: 'default', values }
}

/** A histogram of values × 1,000. */
function trend(values: Histogram): SummaryMetric {
  const isEmpty = values.count === 0
  const at = (percent: number) => (isEmpty ? 0 : values.percentile(percent) / 1e3)
  return {
    ...{ type: 'trend', contains: 'default' },
    values: {
      ...(isEmpty
        ? { avg: 0, min: 0, max: 0 }
        : { avg: values.mean / 1e3, min: values.min / 1e3, max: values.max / 1e3 }),
      ...{ med: at(50), 'p(90)': at(90), 'p(95)': at(95) },
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
