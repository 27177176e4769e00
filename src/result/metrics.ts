import type { Unit } from '../kit/units.ts'

/** What is measured of an arm: its unit inside, and which direction is better. */
export interface Metric {
  readonly label: string
  /** Base unit of the stored value. */
  readonly unit: Unit
  readonly better: 'more' | 'less'
}

/** Every metric of a finding, by the name it is stored under, in the order in which reports show them. */
export const metrics = {
  throughput: { label: 'throughput', unit: 'req/s', better: 'more' },
  latencyMean: { label: 'latency mean', unit: 's', better: 'less' },
  latencyP50: { label: 'latency p50', unit: 's', better: 'less' },
  latencyP90: { label: 'latency p90', unit: 's', better: 'less' },
  latencyP95: { label: 'latency p95', unit: 's', better: 'less' },
  latencyP99: { label: 'latency p99', unit: 's', better: 'less' },
  latencyP999: { label: 'latency p99.9', unit: 's', better: 'less' },
  latencyMax: { label: 'latency max', unit: 's', better: 'less' },
  addedP50: { label: 'added at p50', unit: 's', better: 'less' },
  addedP99: { label: 'added at p99', unit: 's', better: 'less' },
  errorShare: { label: 'errors', unit: 'fraction', better: 'less' },
  cpuUsed: { label: 'CPU', unit: 'cpus', better: 'less' },
  cpuPerRequest: { label: 'CPU per request', unit: 's', better: 'less' },
  driverCpuPerRequest: { label: 'driver CPU per request', unit: 's', better: 'less' },
  backendsCpuPerRequest: { label: 'backends CPU per request', unit: 's', better: 'less' },
  instructionsPerRequest: {
    label: 'instructions per request',
    unit: 'instructions',
    better: 'less',
  },
  rssMean: { label: 'memory', unit: 'bytes', better: 'less' },
  rssPeak: { label: 'memory peak', unit: 'bytes', better: 'less' },
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof metrics

/** The names of all metrics, in the order in which reports show them. */
export const metricNames = Object.keys(metrics) as [MetricName, ...MetricName[]]
