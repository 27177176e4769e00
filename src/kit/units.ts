/** A unit for display: a value is shown as `value / divisor` of it. */
export interface Scale {
  readonly unit: string
  readonly divisor: number
}

/** Base unit of a stored value. */
export type Unit = 'req/s' | 's' | 'bytes' | 'cpus' | 'fraction' | 'instructions'

/** The units for display of each base unit, in ascending order. */
const scales: Readonly<Record<Unit, readonly [Scale, ...Scale[]]>> = {
  'req/s': [{ unit: 'req/s', divisor: 1 }],
  s: [
    { unit: 'µs', divisor: 1e-6 },
    { unit: 'ms', divisor: 1e-3 },
    { unit: 's', divisor: 1 },
  ],
  bytes: [
    { unit: 'B', divisor: 1 },
    { unit: 'KiB', divisor: 2 ** 10 },
    { unit: 'MiB', divisor: 2 ** 20 },
    { unit: 'GiB', divisor: 2 ** 30 },
  ],
  cpus: [{ unit: 'CPUs', divisor: 1 }],
  fraction: [{ unit: '%', divisor: 0.01 }],
  instructions: [
    { unit: 'instructions', divisor: 1 },
    { unit: 'k instructions', divisor: 1e3 },
    { unit: 'M instructions', divisor: 1e6 },
  ],
}

/** The unit of a column: the largest in which its median is at least 0.1. */
export function scaleFor(unit: Unit, values: readonly number[]): Scale {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  return within(unit, middle * 10)
}

/** A value with its unit and 3 significant digits: `2.50 ms`, `15,000 req/s`, `71.0 MiB`. */
export function quantity(value: number, unit: Unit): string {
  const scale = within(unit, value)
  return `${scaled(value, scale)} ${scale.unit}`
}

/** A value in a given unit, without it, with 3 significant digits. */
export function scaled(value: number, { divisor }: Scale): string {
  return rounded(value / divisor)
}

/** 3 significant digits, thousands separated by commas: `0.0123`, `2.50`, `15,000`. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : '–'
  const exact = Number(value.toPrecision(3))
  if (exact === 0) return '0'
  const decimals = Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(exact)))))
  const digits = exact.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  // A minus sign as wide as the digits.
  return digits.replace('-', '−')
}

/** A count with all digits, thousands separated by commas: `15,020`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

/** A relative change in percent with 2 significant digits and without sign: `5.3 %`, `12 %`, `0 %`; `>999 %` for larger ones. */
export function percent(fraction: number): string {
  const value = Math.abs(fraction * 100)
  if (!Number.isFinite(value)) return '∞ %'
  if (value < 0.05) return '0 %'
  if (value >= 999.5) return '>999 %'
  return `${value < 9.95 ? value.toFixed(1) : grouped(value)} %`
}

/** A part of a whole in percent: `0 %` only of none and `100 %` only of all; `<0.1 %` and `>99 %` beside them. */
export function partPercent(fraction: number): string {
  const words = percent(fraction)
  if (words === '0 %' && fraction > 0) return '<0.1 %'
  return words === '100 %' && fraction < 1 ? '>99 %' : words
}

/** The largest unit in which `value` is at least 1, or the smallest. */
function within(unit: Unit, value: number): Scale {
  const [smallest, ...larger] = scales[unit]
  return larger.findLast(({ divisor }) => Math.abs(value) >= divisor) ?? smallest
}
