import { custom } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { duration } from '../kit/duration.ts'
import { UsageError } from '../kit/errors.ts'
import { meant, type Named, nameOf } from '../kit/named.ts'
import { percentage as parsePercentage } from '../kit/percentage.ts'
import { grouped } from '../kit/units.ts'

/** The values that a flag accepts: from `min` (default 1) to `max` (default a thousand million). */
type Range = { min?: number; max?: number }

/** One integer in a range: `--trials 5`. */
export const count = custom<number, Range>({
  parse: async (typed, _context, { name, ...range }) => integer(typed, name, range),
})

/** Integers in a range, separated by commas or by repeating the flag: `--cores 1,2,4,8`. */
export const counts = custom<number, Range>({
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
  parse: async (typed, _context, { name, ...range }) => integer(typed, name, range),
})

/** A duration above 0 in seconds, at most `max` (default 24 h): `5s`, `500ms`, `2m`, `1.5`. With `allowZero`, 0 is valid too. */
export const seconds = custom<number, { allowZero?: boolean; max?: number }>({
  defaultHelp: async ({ options }) =>
    options.default === undefined ? undefined : `${options.default}s`,
  async parse(typed, _context, { name, allowZero = false, max = bounds.seconds }) {
    const value = duration(typed)
    if (value !== undefined && value > max) {
      throw new UsageError(
        `--${name} ${typed} is more than the maximum of ${max / 3600}h`,
        `use --${name} 5s, 500ms or 2m`,
      )
    }
    if (value !== undefined && (allowZero || value > 0)) return value
    throw new UsageError(
      `--${name} "${typed}" is not a duration${allowZero ? '' : ' above 0'}`,
      `use --${name} 5s, 500ms or 2m`,
    )
  },
})

/** A duration above 0 in seconds, with its unit: `5s`, `500ms`, `2m`. A number alone is refused: it could be any unit. */
export const time = custom<number, { allowZero?: boolean }>({
  async parse(typed, _context, { name, allowZero = false }) {
    const value = /[a-zµ]$/.test(typed) ? duration(typed) : undefined
    if (value !== undefined && (allowZero || value > 0)) return value
    throw new UsageError(
      `--${name} "${typed}" is not a duration${allowZero ? '' : ' above 0'} with a unit`,
      `use --${name} 5s, 500ms or 2m`,
    )
  },
})

/** A time above 0 in seconds, of a flag whose name says so: `60`, or with a unit: `500ms`, `2m`. */
export const secondsNumber = custom<number>({
  async parse(typed, _context, { name }) {
    const value = /^\d+(?:\.\d+)?$/.test(typed) ? Number(typed) : duration(typed)
    if (value !== undefined && value > 0 && value <= bounds.seconds) return value
    throw new UsageError(
      `--${name} "${typed}" is not a number of seconds above 0 and up to ${grouped(bounds.seconds)}`,
      `use --${name} 60 or --${name} 2m`,
    )
  },
})

const sizes: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** Bytes, at least 1: `16384`, `16k`, `10m`. */
export const bytes = custom<number>({
  async parse(typed, _context, { name }) {
    const [, digits, unit = ''] = /^(\d+)([kmg]?)$/i.exec(typed) ?? []
    const value = Number(digits) * (sizes[unit.toLowerCase()] as number)
    if (Number.isSafeInteger(value) && value >= 1) return value
    throw new UsageError(
      `--${name} "${typed}" is not a number of bytes`,
      `use --${name} 65536, 64k or 10m`,
    )
  },
})

/** Statuses of responses, from 100 to 599: `502,503`. */
export const statuses = custom<number[]>({
  async parse(typed, _context, { name }) {
    const values = typed.split(',')
    if (values.every((value) => /^[1-5]\d\d$/.test(value))) return values.map(Number)
    throw new UsageError(
      `--${name} "${typed}" is not a list of statuses from 100 to 599`,
      `use --${name} 502,503,504`,
    )
  },
})

/** The valid names of a flag, with or without aliases; loaded only when the flag is used, so that help stays fast. */
type Choices = () => Promise<readonly (string | Named)[]>

/** The names that a flag accepts, and the noun for one of them in errors: `algorithm`. */
type Choice = { choices: Choices; noun: string }

/**
 * Names, separated by commas or by repeating the flag: `--algo round-robin,weighted`. Aliases are replaced by
 * their names. `all` is passed on unchanged; the reader of the flag expands it.
 */
export const names = custom<string, Choice>({
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
  async parse(typed, _context, { name, choices, noun }) {
    return typed === 'all' ? typed : nameAmong(typed, await choices(), { flag: name, noun })
  },
})

/** One name: `--format markdown`. */
export const name = custom<string, Choice>({
  parse: async (typed, _context, { name: flag, choices, noun }) =>
    nameAmong(typed, await choices(), { flag, noun }),
})

function nameAmong(
  typed: string,
  choices: readonly (string | Named)[],
  { flag, noun }: { flag: string; noun: string },
): string {
  const named = choices.map((one) => (typeof one === 'string' ? { name: one } : one))
  const found = nameOf(typed, named)
  if (found !== undefined) return found
  throw new UsageError(`unknown ${noun} "${typed}" in --${flag}`, meant(typed, named))
}

function integer(typed: string, flag: string, { min = 1, max = 1_000_000_000 }: Range): number {
  const value = /^\d+$/.test(typed) ? Number(typed) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(
    value > max
      ? `--${flag} ${typed.slice(0, 30)} is more than the maximum of ${grouped(max)}`
      : `--${flag} "${typed}" is not an integer of ${min} or more`,
    `use --${flag} ${Math.max(min, Math.min(2, max))}`,
  )
}

/** A fraction above 0 and at most 1: `2%`, `0.02`. With `allowZero`, 0 is valid too. */
export const percentage = custom<number, { allowZero?: boolean }>({
  async parse(typed, _context, { name, allowZero = false }) {
    const value = allowZero && /^0+%?$/.test(typed) ? 0 : parsePercentage(typed)
    if (value !== undefined) return value
    throw new UsageError(
      `--${name} "${typed}" is not a percentage above 0 and up to 100 %`,
      `use --${name} 2% or --${name} 0.02`,
    )
  },
})

/** Requests per second, above 0 and within `bounds`. */
export const rate = custom<number>({
  async parse(typed, _context, { name }) {
    const value = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN
    if (value > 0 && value <= bounds.rate) return value
    throw new UsageError(
      value > bounds.rate
        ? `--${name} ${typed.slice(0, 30)} is more than the maximum of ${grouped(bounds.rate)} req/s`
        : `--${name} "${typed}" is not a rate in requests per second above 0`,
      `use --${name} 5000`,
    )
  },
})
