/** The metrics of documented values, with the dimension of their units. */
export const documentedMetrics = {
  throughput: 'rate',
  latencyMean: 'time',
  latencyP50: 'time',
  latencyP90: 'time',
  latencyP99: 'time',
  latencyP999: 'time',
  rssMean: 'size',
  rssPeak: 'size',
  cpuUsed: 'cpu',
  cpuPerRequest: 'time',
} as const

export type DocumentedMetric = keyof typeof documentedMetrics

/** A documented value. */
export interface Figure {
  /** As written, with its unit. */
  readonly text: string
  /** In the base unit of its metric; a percentage of CPU as a fraction of all CPUs. */
  readonly value: number
  /** Half a unit of the last digit: the maximum rounding error. */
  readonly slack: number
  /** Its unit, and the size of that in the base unit. */
  readonly unit: string
  readonly divisor: number
}

type Units = Readonly<Record<string, number>>

const units: Readonly<Record<'rate' | 'time' | 'size' | 'cpu', Units>> = {
  rate: { 'req/s': 1, 'requests/s': 1, 'requests/sec': 1, 'req/sec': 1, rps: 1, '/s': 1, '': 1 },
  time: { µs: 1e-6, us: 1e-6, ms: 1e-3, s: 1 },
  size: {
    ...{ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9 },
    ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
  },
  cpu: { '%': 0.01, CPUs: 1, CPU: 1, cores: 1, core: 1 },
}

/** The units of a metric, for a hint. */
export function unitsOf(metric: DocumentedMetric): string {
  return Object.keys(units[documentedMetrics[metric]]).filter(Boolean).join(', ')
}

const written = /^[~≈]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k(?![A-Za-z]))?\s*(.*)$/i

/**
 * Parses a value: `15,000 req/s`, `~15k`, `2.5ms`, `45 MB`, `35 %`. `fallback` is the unit of a text without one.
 * Undefined if the text is not a value of this metric.
 */
export function figure(text: string, metric: DocumentedMetric, fallback = ''): Figure | undefined {
  const found = written.exec(text.trim())
  if (!found) return undefined
  const [, integer = '', decimals = '', thousands, own = ''] = found
  const unit = own.trim() === '' ? fallback.trim() : own.trim()
  const divisor = units[documentedMetrics[metric]][unit]
  if (divisor === undefined) return undefined
  const scale = divisor * (thousands ? 1e3 : 1)
  const shown = unit === '' ? 'req/s' : unit
  const digits = Math.max(0, decimals.length - 1)
  return {
    text: own.trim() === '' ? `${text.trim()} ${shown}` : text.trim(),
    value: Number(integer.replaceAll(',', '') + decimals) * scale,
    slack: (0.5 / 10 ** digits) * scale,
    unit: shown,
    divisor,
  }
}
