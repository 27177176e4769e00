import { UsageError } from '../../kit/errors.ts'
import { meant } from '../../kit/named.ts'
import type { Algorithm, Parameter, Settings } from '../algorithm.ts'

/**
 * A value for every parameter of the algorithm: its default, or that of `overrides`.
 *
 * @throws UsageError that names the unknown parameter, or the one with an invalid value
 */
export function settingsOf(algorithm: Algorithm, overrides: Settings = {}): Settings {
  const { name, parameters } = algorithm
  const names = Object.keys(parameters)
  for (const field of Object.keys(overrides)) {
    if (!names.includes(field)) throw unknownParameter(name, field, names)
  }
  const entries = Object.entries(parameters).map(([field, parameter]) => {
    const value = overrides[field] ?? parameter.default
    const problem = problemOf(parameter, value)
    if (problem !== undefined) {
      throw new UsageError(
        `${name}: ${field} ${problem}, not ${value}`,
        `${field} is: ${parameter.summary}; default ${parameter.default}${parameter.unit && ` ${parameter.unit}`}`,
      )
    }
    return [field, value] as const
  })
  return Object.fromEntries(entries)
}

function problemOf(parameter: Parameter, value: number): string | undefined {
  const { min, max, integer } = parameter
  if (integer && !Number.isInteger(value)) return 'must be an integer'
  if (!(value >= min && value <= max)) return `must be from ${min} to ${max}`
  return parameter.check?.(value)
}

function unknownParameter(algorithm: string, field: string, names: readonly string[]): UsageError {
  const hint =
    names.length === 0
      ? `${algorithm} has no parameters`
      : meant(
          field,
          names.map((name) => ({ name })),
        )
  return new UsageError(`${algorithm} has no parameter "${field}"`, hint)
}
