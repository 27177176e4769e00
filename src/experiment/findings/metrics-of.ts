import type { Measurement, ProcessCost } from '../../result/document.ts'
import { failedRequests } from '../../result/failed-requests.ts'
import type { MetricName } from '../../result/metrics.ts'
import { percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { decode, type Histogram } from '../../stats/histogram/histogram.ts'

/** Percentiles that are reported, by the metric they are stored under. */
export const percentiles = {
  latencyP50: 50,
  latencyP90: 90,
  latencyP95: 95,
  latencyP99: 99,
  latencyP999: 99.9,
} as const satisfies Partial<Record<MetricName, number>>

/**
 * The value of each metric in one trial, in base units. A percentile that lies among the requests that
 * failed is infinite, and so is missing: a failed request counts as slower than all responses.
 */
export function metricsOf(measurement: Measurement): Partial<Record<MetricName, number>> {
  return { ...timesOf(measurement), ...costsOf(measurement) }
}

/** One of the metrics of `metricsOf`. */
export function metricOf(measurement: Measurement, metric: MetricName): number | undefined {
  const found = metric.startsWith('latency') ? timesOf(measurement) : costsOf(measurement)
  return found[metric]
}

/** Latencies of the trials that were read before: to read a histogram takes longer than all that is done with its figures. */
const readBefore = new WeakMap<Measurement, Partial<Record<MetricName, number>>>()

/** The metrics whose names begin with "latency". */
function timesOf(measurement: Measurement): Partial<Record<MetricName, number>> {
  const before = readBefore.get(measurement)
  if (before !== undefined) return before
  const failed = failedRequests(measurement.window)
  const times = {
    ...latencyMean(measurement, failed),
    ...latencies(decode(measurement.latency), failed),
  }
  readBefore.set(measurement, times)
  return times
}

/** The metrics that need no histogram. */
export function costsOf(measurement: Measurement): Partial<Record<MetricName, number>> {
  const { window, windowSeconds } = measurement
  const answered = window.ok + window.non2xx
  const failed = window.errors + window.timeouts + window.dropped
  const cost = (role: ProcessCost['role']) => costOf(measurement, role)
  const target = cost('target')
  return {
    throughput: window.ok / windowSeconds,
    // Of no finished request there is no fraction.
    ...(answered + failed > 0 && {
      errorShare: (failed + window.non2xx) / (answered + failed),
    }),
    ...(target && {
      cpuUsed: cpuSeconds(target) / windowSeconds,
      rssMean: target.rssMeanBytes,
      rssPeak: target.rssPeakBytes,
    }),
    ...instructionsOf(measurement, target),
    ...(answered > 0 && {
      ...(target && { cpuPerRequest: cpuSeconds(target) / answered }),
      ...perRequest('driverCpuPerRequest', cost('driver'), answered),
      ...perRequest('backendsCpuPerRequest', cost('backends'), answered),
    }),
  }
}

/** Fraction of failed requests up to which there is a mean: a failed request has no time to enter it. */
const maxFailedOfMean = 0.01

function latencyMean(
  measurement: Measurement,
  failed: number,
): Partial<Record<MetricName, number>> {
  const { window, okMeanSeconds, meanSeconds } = measurement
  if (window.ok === 0 || failed > maxFailedOfMean * (window.ok + failed)) return {}
  return { latencyMean: okMeanSeconds ?? meanSeconds }
}

/** Seconds at each percentile of all requests, and of the slowest; those that failed count as slower than all others. */
function latencies(answers: Histogram, failed: number): Partial<Record<MetricName, number>> {
  const found = Object.entries(percentiles)
    .map(
      ([name, percent]) => [name, percentileWithFailures(answers, percent, failed) / 1e6] as const,
    )
    .filter(([, seconds]) => Number.isFinite(seconds) && answers.count > 0)
  const slowest = answers.count > 0 && failed === 0 ? { latencyMax: answers.max / 1e6 } : {}
  return { ...Object.fromEntries(found), ...slowest }
}

function perRequest(name: MetricName, cost: ProcessCost | undefined, requests: number) {
  return cost && { [name]: cpuSeconds(cost) / requests }
}

/** Instructions were counted from the first request to the last, so they are divided by all of these. */
function instructionsOf({ total }: Measurement, target: ProcessCost | undefined) {
  const answered = total.ok + total.non2xx
  if (target?.instructions === undefined || answered === 0) return {}
  return { instructionsPerRequest: target.instructions / answered }
}

function costOf(measurement: Measurement, role: ProcessCost['role']): ProcessCost | undefined {
  return measurement.processes.find((cost) => cost.role === role)
}

function cpuSeconds(cost: ProcessCost): number {
  return cost.userSeconds + cost.systemSeconds
}
