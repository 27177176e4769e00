import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import type { Algorithm, Parameter, Settings } from './algorithm.ts'

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
        `${field} is ${parameter.summary}; its default is ${parameter.default}${parameter.unit && ` ${parameter.unit}`}.`,
      )
    }
    return [field, value] as const
  })
  return Object.fromEntries(entries)
}

function faultOf(parameter: Parameter, value: number): string | undefined {
  const { least, most, whole } = parameter
  if (whole && !Number.isInteger(value)) return 'must be a whole number'
  if (!(value >= least && value <= most)) return `must be from ${least} to ${most}`
  return parameter.fault?.(value)
}

function unknown(algorithm: string, field: string, known: readonly string[]): UsageError {
  const message = `${algorithm} has no parameter "${field}"`
  if (known.length === 0) return new UsageError(message, `${algorithm} has no parameters.`)
  const meant = nearest(field, known)
  const all = `Its parameters: ${known.join(', ')}.`
  return new UsageError(message, meant === undefined ? all : `Did you mean ${meant}? ${all}`)
}
