import type { z } from 'zod'
import { hideValue } from '../../kit/hide-value.ts'
import { nearest } from '../../kit/nearest.ts'
import { isSecretName } from '../../kit/secret-names.ts'
import { fieldsAt } from './known-fields.ts'
import type { Problem } from './problem.ts'

/** A field that does not match the schema. */
export interface InvalidField extends Problem {
  readonly missing: boolean
}

/** Unknown fields that are compared with the known ones: it takes a while. */
const maxCompared = 100

/** The fields that an issue of the schema is about, in `config`: several for unknown ones. */
export function invalidFields(issue: z.core.$ZodIssue, config: unknown): InvalidField[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key, at) => ({
      path: [...path, key],
      message: `unknown field "${[...path, key].join('.')}"`,
      hint: unknownHint(key, at < maxCompared ? fieldsAt(path) : []),
      missing: false,
    }))
  }
  const field = path.join('.') || 'the configuration'
  if (issue.code === 'custom') {
    return [
      { path, message: `${field}: ${issue.message}`, hint: `correct ${field}`, missing: false },
    ]
  }
  const value = path.reduce<unknown>(
    (found, key) => (found as Record<PropertyKey, unknown> | undefined)?.[key],
    config,
  )
  const missing = value === undefined
  const shown = missing ? 'missing' : excerpt(value)
  const isSecret = path.some((key) => isSecretName(String(key)))
  const message = `${field} is ${isSecret && !missing ? 'not valid' : shown}`
  return [{ path, message, hint: hintOf(issue), missing }]
}

/** The nearest field there is, if any is near. */
function unknownHint(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return near === undefined ? 'remove it, or correct its name' : `did you mean ${near}?`
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(hideValue(value).value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function hintOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      return `give at most ${issue.maximum}`
    case 'too_small':
      return `give ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'invalid_type':
      return `give a value of type ${issue.expected}`
    case 'invalid_value':
      return `give one of ${issue.values.join(', ')}`
    case 'invalid_union':
      return issue.message === 'Invalid input'
        ? 'see docs/reference/balancer-configuration.md for its forms'
        : issue.message
    default:
      return issue.message
  }
}
