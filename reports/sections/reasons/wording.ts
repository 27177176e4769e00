import {
  grouped,
  partPercent,
  percent,
  rounded,
  type Scale,
  scaleFor,
  type Unit,
} from '../../../src/kit/units.ts'
import type { ReasonCode, ReasonValues } from '../../../src/result/reason.ts'

/**
 * Words the reasons of one code, one or many of them: a clause without a capital and without a full stop. Numbers that
 * differ are given as a range; what identifies a reason is the same in all of them.
 */
type Wording<Code extends ReasonCode> = (all: readonly Values<Code>[]) => string
type Values<Code extends ReasonCode> = Readonly<ReasonValues<Code>>

/** A wording for each code of a kind: one that is missing does not compile. */
export type Wordings<Codes extends ReasonCode> = { readonly [Code in Codes]: Wording<Code> }

/** The first of some, whose names are those of all. */
export function first<T>(all: readonly T[]): T {
  return all[0] as T
}

/** One value of each of some, as a range. */
export function range<T>(
  all: readonly T[],
  value: (one: T) => number | undefined,
  write: (low: number, high: number) => string,
): string {
  const found = all.flatMap((one) => value(one) ?? [])
  return write(Math.min(...found), Math.max(...found))
}

/** `42 %`, `42 to 56 %`. */
export function shares(low: number, high: number): string {
  const [from, to] = [percent(low), percent(high)]
  return from === to ? to : `${from.slice(0, -' %'.length)} to ${to}`
}

/** `<0.1 %`, `<0.1 to 2.4 %`: parts of a whole, of which none is `0 %` unless it is none. */
export function parts(low: number, high: number): string {
  const [from, to] = [partPercent(low), partPercent(high)]
  return from === to ? to : `${from.slice(0, -' %'.length)} to ${to}`
}

/** `236`, `200 to 1,236`. */
export function counts(low: number, high: number): string {
  return joined(grouped(low), grouped(high))
}

/** `0.39 ms`, `0.39 to 7.8 ms`: 2 significant digits. */
export function times(low: number, high: number): string {
  return inUnit('s', low, high)
}

/** `1.8`, `1.1 to 1.8`: 2 significant digits. */
export function factors(low: number, high: number): string {
  return joined(digits(low), digits(high))
}

/** `7,570 req/s`, `7,570 to 8,100 req/s`: 3 significant digits, as rates have in tables. */
export function rates(low: number, high: number): string {
  return `${joined(rounded(low), rounded(high))} req/s`
}

/** The role with its verb: `target was`, `backends were`. */
export function roleWas(role: string): string {
  return `${role} ${role === 'backends' ? 'were' : 'was'}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** `CPU 3`, `CPUs 0, 1`. */
export function cpuNames(cpus: readonly number[]): string {
  return `CPU${cpus.length === 1 ? '' : 's'} ${cpus.join(', ')}`
}

function inUnit(unit: Unit, low: number, high: number): string {
  const scale: Scale = scaleFor(unit, [high])
  return `${joined(digits(low / scale.divisor), digits(high / scale.divisor))} ${scale.unit}`
}

function digits(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 20 })
}

function joined(from: string, to: string): string {
  return from === to ? to : `${from} to ${to}`
}
