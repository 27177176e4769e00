import { UsageError } from '../../kit/errors.ts'
import { meant } from '../../kit/named.ts'
import type { Algorithm, Parameter, Settings } from '../algorithm.ts'

/**
 * A value for every parameter of the algorithm: what was told, and the defaults.
 *
 * @throws UsageError that names the parameter which does not exist or whose value is not usable.
 */
export function settingsOf(algorithm: Algorithm, told: Settings = {}): Settings {
  const { name, parameters } = algorithm
  const known = Object.keys(parameters)
  for (const field of Object.keys(told)) {
    if (!known.includes(field)) throw unknown(name, field, known)
  }
  const entries = Object.entries(parameters).map(([field, parameter]) => {
    const value = told[field] ?? parameter.default
    const fault = faultOf(parameter, value)
    if (fault !== undefined) {
      throw new UsageError(
        `${name}: ${field} ${fault}, and not ${value}`,
        `it is ${parameter.summary}; its default is ${parameter.default}${parameter.unit && ` ${parameter.unit}`}`,
      )
    }
    return [field, value] as const
  })
  return Object.fromEntries(entries)
}

function faultOf(parameter: Parameter, value: number): string | undefined {
  const { least, most, integer } = parameter
  if (integer && !Number.isInteger(value)) return 'must be a whole number'
  if (!(value >= least && value <= most)) return `must be from ${least} to ${most}`
  return parameter.fault?.(value)
}

function unknown(algorithm: string, field: string, known: readonly string[]): UsageError {
  const hint =
    known.length === 0
      ? `${algorithm} has no parameters`
      : meant(
          field,
          known.map((name) => ({ name })),
        )
  return new UsageError(`${algorithm} has no parameter "${field}"`, hint)
}
