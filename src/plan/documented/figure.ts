/** What a documented figure can be of, and in which units it may be written. */
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

/** A figure as somebody wrote it down. */
export interface Figure {
  /** As it was written, unit included. */
  readonly text: string
  /** In the base unit of its metric; a share of CPUs as a fraction of all of them. */
  readonly value: number
  /** Half of the last digit that was written: how far the figure may be rounded. */
  readonly slack: number
  /** Unit that it was written in, and how much of the base unit that is. */
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

/** Units that a metric may be written in, for a hint. */
export function unitsOf(metric: DocumentedMetric): string {
  return Object.keys(units[documentedMetrics[metric]]).filter(Boolean).join(', ')
}

const written = /^[~≈]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k(?![A-Za-z]))?\s*(.*)$/i

/**
 * Reads a figure: `15,000 req/s`, `~15k`, `2.5ms`, `45 MB`, `35 %`. `fallback` is the unit where the text has
 * none. Undefined where it is no figure of this metric.
 */
export function figure(text: string, metric: DocumentedMetric, fallback = ''): Figure | undefined {
  const found = written.exec(text.trim())
  if (!found) return undefined
  const [, whole = '', decimals = '', thousands, own = ''] = found
  const unit = own.trim() === '' ? fallback.trim() : own.trim()
  const divisor = units[documentedMetrics[metric]][unit]
  if (divisor === undefined) return undefined
  const scale = divisor * (thousands ? 1e3 : 1)
  const shown = unit === '' ? 'req/s' : unit
  const digits = Math.max(0, decimals.length - 1)
  return {
    text: own.trim() === '' ? `${text.trim()} ${shown}` : text.trim(),
    value: Number(whole.replaceAll(',', '') + decimals) * scale,
    slack: (0.5 / 10 ** digits) * scale,
    unit: shown,
    divisor,
  }
}
