import { ownValue } from '../kit/own-value.ts'

/**
 * Other names of fields, beside the one with dashes of a flag (`max-time` for `maxTime`): flags and files name the same
 * setting by the same words.
 */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  algorithms: ['algo', 'algorithm'],
  targets: ['target'],
  arrivals: ['spacing'],
  headers: ['header'],
  min: ['least'],
  max: ['most'],
}

/** The names by which a file may have a field: its own, that of its flag, and synonyms. */
export function namesOf(field: string): string[] {
  const dashed = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return [...new Set([field, dashed, ...(ownValue(otherNames, field) ?? [])])]
}

/** The name by which a map of a file has a field; the field's own where it has none. */
export function writtenName(field: string, map: object): string {
  return namesOf(field).find((name) => Object.hasOwn(map, name)) ?? field
}

/** The map with each field of `fields` under its own name. A field that the map has twice keeps both names. */
export function withOwnNames(value: unknown, fields: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const own = new Map(fields.map((field) => [writtenName(field, value), field]))
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [own.get(name) ?? name, inside]),
  )
}

/** The field that has `name` as another name; undefined if there is none. */
export function fieldNamed(name: string, fields: readonly string[]): string | undefined {
  return fields.find((field) => namesOf(field).includes(name))
}
