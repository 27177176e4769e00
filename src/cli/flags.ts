import { custom } from '@oclif/core/flags'
import { duration } from '../kit/duration.ts'
import { UsageError } from '../kit/errors.ts'
import { meant, type Named, nameOf } from '../kit/named.ts'
import { percentage as parsePercentage } from '../kit/percentage.ts'

/** One integer, at least `min` (default 1): `--trials 5`. */
export const count = custom<number, { min?: number }>({
  parse: async (typed, _context, { name, min }) => integer(typed, name, min),
})

/** Integers of at least `min` (default 1), separated by commas or by repeating the flag: `--cores 1,2,4,8`. */
export const counts = custom<number, { min?: number }>({
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
  parse: async (typed, _context, { name, min }) => integer(typed, name, min),
})

/** A duration above 0 in seconds: `5s`, `500ms`, `2m`, `1.5`. With `allowZero`, 0 is valid too. */
export const seconds = custom<number, { allowZero?: boolean }>({
  defaultHelp: async ({ options }) =>
    options.default === undefined ? undefined : `${options.default}s`,
  async parse(typed, _context, { name, allowZero = false }) {
    const value = duration(typed)
    if (value !== undefined && (allowZero || value > 0)) return value
    throw new UsageError(
      `--${name} "${typed}" is not a duration${allowZero ? '' : ' above 0'}`,
      `use --${name} 5s, 500ms or 2m`,
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

function integer(typed: string, flag: string, min = 1): number {
  const value = /^\d+$/.test(typed) ? Number(typed) : Number.NaN
  if (Number.isSafeInteger(value) && value >= min) return value
  throw new UsageError(
    `--${flag} "${typed}" is not an integer of ${min} or more`,
    `use --${flag} ${Math.max(min, 2)}`,
  )
}

/** A fraction above 0 and at most 1: `2%`, `0.02`. */
export const percentage = custom<number>({
  async parse(typed, _context, { name }) {
    const value = parsePercentage(typed)
    if (value !== undefined) return value
    throw new UsageError(
      `--${name} "${typed}" is not a percentage above 0 and up to 100 %`,
      `use --${name} 2% or --${name} 0.02`,
    )
  },
})

/** Requests per second, above 0. */
export const rate = custom<number>({
  async parse(typed, _context, { name }) {
    const value = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN
    if (value > 0) return value
    throw new UsageError(
      `--${name} "${typed}" is not a rate in requests per second above 0`,
      `use --${name} 5000`,
    )
  },
})
