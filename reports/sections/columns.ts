import { percent, type Scale, scaled, scaleFor } from '../../src/kit/units.ts'
import type { Summary } from '../../src/result/document.ts'
import { type MetricName, metrics } from '../../src/result/metrics.ts'
import type { Row } from './rows.ts'

/** A metric as a column of a table: one unit for all its cells, 3 significant digits. */
export interface Column {
  readonly metric: MetricName
  readonly heading: string
  readonly unit: string
  /** The estimate: `15,000`, `≥21,400` where it is a lower bound, `–` where there is none. */
  cell(row: Row): string
  /**
   * The wider half of its interval, or the distance to the farthest trial: `±3.1 %`, or `±0.42` of a difference,
   * which may be near 0; empty for one trial.
   */
  spread(row: Row): string
}

/** A column for each of `names`, in units that fit the values of `rows`. */
export function columns(names: readonly MetricName[], rows: readonly Row[]): Column[] {
  return names.map((metric) => {
    const scale = scaleOf(metric, rows)
    return {
      metric,
      heading: headings[metric] ?? metrics[metric].label,
      unit: scale.unit,
      cell({ finding }) {
        const summary = finding.metrics[metric]
        if (summary === undefined) return '–'
        const bound = metric === 'throughput' && finding.isLowerBound ? '≥' : ''
        return `${bound}${scaled(summary.center, scale)}`
      },
      spread({ finding }) {
        const summary = finding.metrics[metric]
        return added.includes(metric) ? reachIn(scale, summary) : spread(summary)
      },
    }
  })
}

/** `±3.1 %`: the wider half of the interval, relative to its center. */
export function spread(summary: Summary | undefined): string {
  if (summary === undefined || summary.n < 2 || summary.center === 0) return ''
  return `±${percent(reach(summary) / summary.center)}`
}

function reachIn(scale: Scale, summary: Summary | undefined): string {
  return summary === undefined || summary.n < 2 ? '' : `±${scaled(reach(summary), scale)}`
}

function reach({ center, low, high }: Summary): number {
  return Math.max(high - center, center - low)
}

/** Differences: a spread relative to one near 0 means nothing. */
const added: readonly MetricName[] = ['addedP50', 'addedP99']

const headings: Partial<Record<MetricName, string>> = {
  throughput: 'req/s',
  latencyMean: 'mean',
  latencyP50: 'p50',
  latencyP90: 'p90',
  latencyP95: 'p95',
  latencyP99: 'p99',
  latencyP999: 'p99.9',
  latencyMax: 'max',
  addedP50: '+p50',
  addedP99: '+p99',
  cpuPerRequest: 'CPU',
  driverCpuPerRequest: 'driver CPU',
  backendsCpuPerRequest: 'backends CPU',
}

/** CPU time per request is in µs and memory in MiB, whatever the size, so that reports can be compared. */
function scaleOf(metric: MetricName, rows: readonly Row[]): Scale {
  const { unit } = metrics[metric]
  if (metric === 'throughput') return { unit: '', divisor: 1 }
  if (metric === 'cpuUsed') return { unit: 'cores', divisor: 1 }
  if (unit === 'bytes') return { unit: 'MiB', divisor: 2 ** 20 }
  if (metric.endsWith('CpuPerRequest') || metric === 'cpuPerRequest') {
    return { unit: 'µs/req', divisor: 1e-6 }
  }
  const alike = unit === 's' ? latencies : [metric]
  return scaleFor(
    unit,
    rows.flatMap(({ finding }) => alike.map((name) => finding.metrics[name]?.center ?? Number.NaN)),
  )
}

/** Latencies share one unit, so that they can be read across. */
const latencies: readonly MetricName[] = [
  'latencyMean',
  'latencyP50',
  'latencyP90',
  'latencyP95',
  'latencyP99',
  'latencyP999',
  'latencyMax',
  'addedP50',
  'addedP99',
]
