import { custom } from '@oclif/core/flags'
import { duration } from '../kit/duration.ts'
import { UsageError } from '../kit/errors.ts'
import { meant, type Named, nameOf } from '../kit/named.ts'
import { percentage as shareOf } from '../kit/percentage.ts'

/** One whole number from `least` (1 unless told) up: `--trials 5`. */
export const count = custom<number, { least?: number }>({
  parse: async (typed, _context, { name, least }) => wholeNumber(typed, name, least),
})

/** Whole numbers from 1 up, by comma or by repeating the flag: `--cores 1,2,4,8`. */
export const counts = custom<number>({
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
  parse: async (typed, _context, { name }) => wholeNumber(typed, name),
})

/** A time above zero, in seconds: `5s`, `500ms`, `2m`, `1.5`. With `zero`, none at all is fine too. */
export const seconds = custom<number, { zero?: boolean }>({
  async parse(typed, _context, { name, zero = false }) {
    const value = duration(typed)
    if (value !== undefined && (zero || value > 0)) return value
    throw new UsageError(
      `--${name} "${typed}" is not a duration${zero ? '' : ' above 0'}`,
      `give it as --${name} 5s, 500ms or 2m`,
    )
  },
})

/** What can be named, with or without aliases; loaded when the flag is used, so that help need not wait. */
export type Choices = () => Promise<readonly (string | Named)[]>

/**
 * Names out of a registry, by comma or by repeating the flag: `--algo round-robin,weighted`; an alias
 * becomes the name. The word `all` passes as it is: whoever reads the flag knows what all are.
 */
export const names = custom<string, { among: Choices; what: string }>({
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
  async parse(typed, _context, { name, among, what }) {
    return typed === 'all' ? typed : known(typed, await among(), { flag: name, what })
  },
})

/** One name out of a registry: `--format markdown`. */
export const name = custom<string, { among: Choices; what: string }>({
  parse: async (typed, _context, { name: flag, among, what }) =>
    known(typed, await among(), { flag, what }),
})

function known(
  typed: string,
  among: readonly (string | Named)[],
  { flag, what }: { flag: string; what: string },
): string {
  const named = among.map((one) => (typeof one === 'string' ? { name: one } : one))
  const found = nameOf(typed, named)
  if (found !== undefined) return found
  throw new UsageError(`unknown ${what} "${typed}" in --${flag}`, meant(typed, named))
}

function wholeNumber(typed: string, flag: string, least = 1): number {
  const value = /^\d+$/.test(typed) ? Number(typed) : Number.NaN
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(
    `--${flag} "${typed}" is not a whole number from ${least} up`,
    `give it as --${flag} ${Math.max(least, 2)}`,
  )
}

/** A share above 0, as a fraction: `2%`, `0.02`. */
export const percentage = custom<number>({
  async parse(typed, _context, { name }) {
    const value = shareOf(typed)
    if (value !== undefined) return value
    throw new UsageError(
      `--${name} "${typed}" is not a share above 0`,
      `give it as --${name} 2% or --${name} 0.02`,
    )
  },
})

/** Requests per second, above 0. */
export const rate = custom<number>({
  async parse(typed, _context, { name }) {
    const value = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN
    if (value > 0) return value
    throw new UsageError(
      `--${name} "${typed}" is not a number of requests per second above 0`,
      `give it as --${name} 5000`,
    )
  },
})
