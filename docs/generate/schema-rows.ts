import { z } from 'zod'

/** One field of a schema, as a row of a reference. */
export interface FieldRow {
  /** Where it is: `timeouts.connect`, `backends[].weight`. */
  readonly path: string
  readonly type: string
  /** What it is without being given; `required` where it must be given. */
  readonly default: string
  readonly meaning: string
}

/** What is read of a JSON Schema; `accepts` and `optional` are added by us. */
interface Schema {
  readonly type?: string
  readonly description?: string
  readonly accepts?: string
  readonly default?: unknown
  readonly optional?: boolean
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
}

/** Every field that a schema takes, nested ones behind the field that holds them. */
export function fieldRows(schema: z.ZodType): FieldRow[] {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod
      if (def.type === 'optional') Object.assign(jsonSchema, { optional: true })
      if (def.type === 'default') Object.assign(jsonSchema, { default: def.defaultValue })
    },
  })
  return rowsOf(json as Schema, '')
}

function rowsOf({ properties = {} }: Schema, prefix: string): FieldRow[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    return [
      { path, type: typeOf(field), default: defaultOf(field), meaning: field.description ?? '' },
      ...rowsOf(field, `${path}.`),
      ...rowsOf(field.items ?? {}, `${path}[].`),
    ]
  })
}

function typeOf(schema: Schema): string {
  const { accepts, anyOf, items, prefixItems, properties, enum: values } = schema
  if (accepts !== undefined) return accepts.replace(/, such as .*/, '')
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ')
  if (anyOf !== undefined) return anyOf.map(typeOf).join(', or ')
  if (prefixItems !== undefined) return `[${prefixItems.map(typeOf).join(', ')}]`
  if (items !== undefined) return `list: ${typeOf(items)}`
  if (properties !== undefined) return `{ ${Object.keys(properties).join(', ')} }`
  if (schema.type === 'object') return 'object'
  return schema.type === 'boolean' ? 'true or false' : `${schema.type}${rangeOf(schema)}`
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  if (exclusiveMinimum !== undefined) return ` > ${exclusiveMinimum}`
  if (least === undefined) return ''
  return most === undefined ? ` ≥ ${least}` : `, ${least} to ${most}`
}

function defaultOf(schema: Schema): string {
  if (schema.optional) return '–'
  if (schema.default === undefined) return 'required'
  if (schema.properties !== undefined && isEmpty(schema.default)) return '–'
  return `\`${valueText(schema.default, schema)}\``
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** A default as a reader would write it. A schema's defaults are what its fields come to: times in seconds. */
function valueText(value: unknown, schema: Schema): string {
  if (typeof value === 'number' && schema.accepts?.startsWith('a duration')) return `${value}s`
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value) || "''"
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  if (entries.length === 1) return String(entries[0]?.[1])
  const fields = [schema, ...(schema.anyOf ?? [])].find(({ properties }) => properties)?.properties
  return `{ ${entries.map(([name, one]) => `${name}: ${valueText(one, fields?.[name] ?? {})}`).join(', ')} }`
}
