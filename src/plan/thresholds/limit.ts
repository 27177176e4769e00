import { duration } from '../../kit/duration.ts'
import type { Unit } from '../../kit/units.ts'

/** Unit of a limit: one of the units of metrics, or a plain count. */
export type LimitUnit = Unit | 'count'

/** A limit of each unit, for messages. */
export const limitExamples: Readonly<Record<LimitUnit, string>> = {
  'req/s': '5000',
  s: '20ms',
  bytes: '120MiB',
  cpus: '0.8',
  fraction: '0.1%',
  instructions: '250000',
  count: '1000',
}

const suffixes: Readonly<Record<Exclude<LimitUnit, 's'>, Readonly<Record<string, number>>>> = {
  'req/s': { '': 1, 'req/s': 1, rps: 1, '/s': 1 },
  bytes: {
    ...{ B: 1, kB: 1e3, MB: 1e6, GB: 1e9 },
    ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
  },
  cpus: { '': 1 },
  fraction: { '': 1, '%': 0.01 },
  instructions: { '': 1, k: 1e3, M: 1e6 },
  count: { '': 1, k: 1e3, M: 1e6 },
}

/** A limit in the base unit (s, bytes, fraction); undefined where `typed` is not a value of that unit. */
export function limitValue(typed: string, unit: LimitUnit): number | undefined {
  // A bare number would be seconds, but a user who writes p99>20 means milliseconds: refused.
  if (unit === 's') return /[a-zµ]$/.test(typed) ? duration(typed) : undefined
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?|\.\d+)\s*(\S*)$/.exec(typed) ?? []
  const factor = suffixes[unit][suffix]
  if (number === '' || factor === undefined) return undefined
  // 99.9 / 100 is not 0.999.
  const value = suffix === '%' ? Number(`${number}e-2`) : Number(number) * factor
  return unit === 'fraction' && value > 1 ? undefined : value
}

const changePattern = /^([+\-−])(\d+(?:\.\d+)?|\.\d+)\s*%$/

/** Whether `typed` has the form of a change: `+5%`, `-3 %`. */
export function isChange(typed: string): boolean {
  return changePattern.test(typed)
}

/** The ratio of a change: 1.05 of `+5%`; undefined where it is none, or where nothing would be left. */
export function changeRatio(typed: string): number | undefined {
  const [, sign, percentage] = changePattern.exec(typed) ?? []
  if (percentage === undefined) return undefined
  const ratio = 1 + ((sign === '+' ? 1 : -1) * Number(percentage)) / 100
  return ratio > 0 ? ratio : undefined
}
