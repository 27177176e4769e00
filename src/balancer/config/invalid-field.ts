import type { z } from 'zod'

/** A field that does not match the schema: what is wrong with it, and what to do. */
interface InvalidField {
  readonly message: string
  readonly hint: string
}

/** Fields whose values are not repeated in messages. */
const secret = /token|password|secret/i

/** Words an issue of the schema, for the field that it is about in `config`. */
export function invalidField(issue: z.core.$ZodIssue, config: unknown): InvalidField {
  const field = issue.path.join('.') || 'the configuration'
  if (issue.code === 'unrecognized_keys') {
    const name = [...issue.path, issue.keys[0]].join('.')
    return { message: `unknown field "${name}"`, hint: 'remove it, or correct its name' }
  }
  if (issue.code === 'custom') {
    return { message: `${field}: ${issue.message}`, hint: `correct ${field}` }
  }
  const value = issue.path.reduce<unknown>(
    (found, key) => (found as Record<PropertyKey, unknown> | undefined)?.[key],
    config,
  )
  const shown = secret.test(field) ? 'not valid' : JSON.stringify(value)
  const is = value === undefined ? 'missing' : shown
  return { message: `${field} is ${is}`, hint: hintOf(issue) }
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
      return 'see docs/reference/balancer-configuration.md for its forms'
    default:
      return issue.message
  }
}
