import { z } from 'zod'
import { bounds } from '../kit/bounds.ts'
import { duration } from '../kit/duration.ts'
import { meant, type Named, nameOf } from '../kit/named.ts'
import { percentage } from '../kit/percentage.ts'
import { grouped } from '../kit/units.ts'
import { withOwnNames } from './field-names.ts'
import type { ServiceTime } from './plan.ts'
import { textOf } from './text-of.ts'
import { unknownFieldRemedy } from './unknown-field.ts'

/**
 * A value that `read` understands; where it returns undefined, `remedy` says what to write instead: `give …`. The
 * reference of scenarios shows the same text as the type of the field.
 */
export function field<T>(read: (value: unknown) => T | undefined, remedy: string) {
  return z
    .unknown()
    .transform((value, context) => {
      const parsed = read(value)
      if (parsed !== undefined) return parsed
      context.addIssue(remedy)
      return z.NEVER
    })
    .meta({ accepts: remedy.replace(/^give /, '') })
}

/** Unknown fields of one map that get a remedy: a file may have thousands. */
const maxUnknown = 20

/**
 * A map with exactly these fields, each by its own name or that of its flag. The message for unknown fields has one line
 * for each, in their order: what to write instead.
 */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  const map = z.strictObject(shape, {
    error: ({ keys }) =>
      keys === undefined
        ? `the fields are ${names.join(', ')}`
        : (keys as string[])
            .slice(0, maxUnknown)
            .map((key) => unknownFieldRemedy(key, names))
            .join('\n'),
  })
  return z.preprocess((value) => withOwnNames(value, names), map)
}

/** An integer from `min` to `max`. */
export function integer(min: number, max: number) {
  return field(
    (value) =>
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
        ? Number(value)
        : undefined,
    `give an integer from ${min} to ${grouped(max)}`,
  )
}

/** A fraction from 0 to 1: `1%` or 0.01. */
export const fraction = field(
  (value) => (value === 0 || value === '0%' ? 0 : percentage(textOf(value))),
  'give a fraction from 0 to 1, such as 0.01 or 1%',
)

/** A fraction above 0: `2%` or 0.02. */
export const share = field(
  (value) => percentage(textOf(value)),
  'give a percentage above 0, such as 2% or 0.02',
)

/** Requests per second, above 0. */
export const perSecond = field(
  (value) => (typeof value === 'number' && value > 0 && value <= bounds.rate ? value : undefined),
  `give requests per second up to ${grouped(bounds.rate)}, such as 5000`,
)

/** One or several of `item`: a list, or as in a flag: `1,2,4`. */
export function several<Item extends z.ZodType>(item: Item, remedy: string) {
  return z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : listed(value)),
    z.array(item, remedy).min(1, remedy).max(bounds.listed, `list ${bounds.listed} or fewer`),
  )
}

function listed(value: unknown): unknown[] {
  if (typeof value !== 'string' || !value.includes(',')) return [value]
  return value.split(',').map((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : text.trim()))
}

/** A name out of `among`, by alias too, or `all`. */
export function nameAmong(among: readonly Named[]) {
  return z
    .unknown()
    .transform((value, context) => {
      const found = value === 'all' ? value : nameOf(textOf(value), among)
      if (found !== undefined) return found
      context.addIssue(`${meant(textOf(value), among)}, or all`)
      return z.NEVER
    })
    .meta({ accepts: 'a name, or all' })
}

/** Seconds of a time above 0, or from 0: `5s`, `500ms`, or plain seconds. */
export function seconds(from: 'above 0' | 'from 0') {
  return field(
    (value) => {
      const found = secondsOf(value)
      const isWithin = found !== undefined && found <= bounds.seconds
      return isWithin && (found > 0 || from === 'from 0') ? found : undefined
    },
    `give a duration ${from} to ${bounds.seconds / 3600}h, such as 5s or 500ms`,
  )
}

/**
 * `5ms`, `exponential 5ms`, `lognormal 5ms 0.5` (median, and sigma of the logarithm) or `none`. Flags and files take the
 * parts with spaces or with colons.
 */
export const serviceTimeText = field(
  serviceTimeOf,
  'give none, a duration such as 5ms, "exponential 5ms" or "lognormal 5ms 0.5"',
)

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? duration(textOf(value))
    : undefined
}

function serviceTimeOf(value: unknown): ServiceTime | undefined {
  const words = textOf(value)
    .trim()
    .split(/[\s:]+/)
  const [kind = '', time, sigma] = words
  const length = secondsOf(time)
  if (words.length === 1) {
    const fixed = secondsOf(value)
    if (kind === 'none' || fixed === 0) return { kind: 'none' }
    return fixed === undefined ? undefined : { kind: 'fixed', seconds: fixed }
  }
  if (length === undefined || length === 0) return undefined
  if (kind === 'fixed' && words.length === 2) return { kind, seconds: length }
  if (kind === 'exponential' && words.length === 2) return { kind, mean: length }
  if (kind === 'lognormal' && words.length === 3 && Number(sigma) > 0) {
    return { kind, median: length, sigma: Number(sigma) }
  }
  return undefined
}
