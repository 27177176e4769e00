import { z } from 'zod'
import { bounds } from '../kit/bounds.ts'
import { duration } from '../kit/duration.ts'
import { meant, type Named, nameOf } from '../kit/named.ts'
import { nearest } from '../kit/nearest.ts'
import { percentage } from '../kit/percentage.ts'
import { grouped } from '../kit/units.ts'
import type { ServiceTime } from './plan.ts'

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

/** A map with exactly these fields; the hint for an unknown field names the nearest one. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      const [key = ''] = (issue.keys ?? []) as string[]
      const near = nearest(key, names)
      return `${near ? `did you mean ${near}? ` : ''}the fields are ${names.join(', ')}`
    },
  })
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

/** A fraction from 0 to 1. */
export const fraction = field(
  (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined),
  'give a fraction from 0 to 1, such as 0.01',
)

/** A fraction above 0: `2%` or 0.02. */
export const share = field(
  (value) => percentage(String(value)),
  'give a percentage above 0, such as 2% or 0.02',
)

/** Requests per second, above 0. */
export const perSecond = field(
  (value) => (typeof value === 'number' && value > 0 && value <= bounds.rate ? value : undefined),
  `give requests per second up to ${grouped(bounds.rate)}, such as 5000`,
)

/** One or several of `item`. */
export function several<Item extends z.ZodType>(item: Item, remedy: string) {
  return z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(item, remedy).min(1, remedy).max(bounds.listed, `list ${bounds.listed} or fewer`),
  )
}

/** A name out of `among`, by alias too, or `all`. */
export function nameAmong(among: readonly Named[]) {
  return z
    .unknown()
    .transform((value, context) => {
      const found = value === 'all' ? value : nameOf(String(value), among)
      if (found !== undefined) return found
      context.addIssue(`${meant(String(value), among)}, or all`)
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

/** `5ms`, `exponential 5ms`, `lognormal 5ms 0.5` (median, and sigma of the logarithm) or `none`. */
export const serviceTimeText = field(
  serviceTimeOf,
  'give none, a duration such as 5ms, "exponential 5ms" or "lognormal 5ms 0.5"',
)

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? duration(String(value))
    : undefined
}

function serviceTimeOf(value: unknown): ServiceTime | undefined {
  const words = String(value).trim().split(/\s+/)
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
