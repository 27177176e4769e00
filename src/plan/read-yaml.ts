import type { z } from 'zod'
import { type Mistake, MistakesError } from '../kit/errors.ts'
import { grouped } from '../kit/units.ts'
import { content, parseYamlSource, type YamlSource } from '../kit/yaml-source.ts'
import { writtenName } from './field-names.ts'

/** A mistake in a file, and where. */
interface FileMistake extends Mistake {
  readonly line: number
  /** The field as the file has it. */
  readonly path: Path
  /** Whether the field is missing. */
  readonly missing: boolean
}

type Path = readonly PropertyKey[]

/** Mistakes of one file that are reported, and those that are looked at: a file may have thousands. */
const [maxReported, maxRead] = [20, 1000]

/**
 * Reads a YAML file that must match `schema`.
 *
 * @throws {UsageError} it cannot be read
 * @throws {MistakesError} it does not match; each mistake with the file, its line and its field
 */
export async function readYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return parseYaml({ file, text: await content(file) }, schema)
}

/**
 * Parses YAML text that is part of `file`, at the same lines.
 *
 * @throws {MistakesError} it does not match; each mistake with the file, its line and its field
 */
export function parseYaml<Schema extends z.ZodType>(
  { file, text }: { readonly file: string; readonly text: string },
  schema: Schema,
): z.output<Schema> {
  const source = parseYamlSource({ file, text })
  const result = schema.safeParse(source.value)
  if (result.success) return result.data
  const found = result.error.issues.slice(0, maxRead).flatMap((issue) => mistakes(issue, source))
  const reported = distinct(withoutConsequences(found))
    .toSorted((a, b) => Number(a.missing) - Number(b.missing) || a.line - b.line)
    .map(({ line, message, hint }) => ({ message: `${file}, line ${line}: ${message}`, hint }))
  const more = reported.length - maxReported
  if (more > 0) {
    reported.splice(maxReported, more, {
      message: `${file} has more mistakes`,
      hint: `correct these ${grouped(maxReported)} first`,
    })
  }
  throw new MistakesError(reported as [Mistake, ...Mistake[]])
}

function mistakes(issue: z.core.$ZodIssue, { value, lineOf }: YamlSource): FileMistake[] {
  const { path, found } = asWritten(issue.path, value)
  if (issue.code === 'unrecognized_keys') {
    // One line of the message for each.
    return issue.message.split('\n').map((hint, i) => {
      const field = [...path, ...issue.keys.slice(i, i + 1)]
      const message = `unknown field "${fieldName(field)}"`
      return { line: lineOf(field), path: field, message, hint, missing: false }
    })
  }
  const missing = found === undefined
  const message = `${fieldName(path)} is ${missing ? 'missing' : excerpt(found)}`
  return [{ line: lineOf(path), path, message, hint: issue.message, missing }]
}

/** Without the missing fields that are there under a misspelled name. */
function withoutConsequences(all: readonly FileMistake[]): FileMistake[] {
  const meant = new Set(
    all.flatMap(({ path, hint, missing }) => {
      const name = missing ? undefined : /^did you mean (\w+)\?/.exec(hint)?.[1]
      return name === undefined ? [] : [fieldName([...path.slice(0, -1), name])]
    }),
  )
  return all.filter(({ path, missing }) => !missing || !meant.has(fieldName(path)))
}

/** Items of a list that the file has as one value share its mistake. */
function distinct(all: readonly FileMistake[]): FileMistake[] {
  return [...new Map(all.map((one) => [`${one.line} ${one.message}`, one])).values()]
}

/**
 * A path as the file has it, and what is there. A schema may accept a single value as a list of one: the path in the file
 * lacks that index. A field may have the name of its flag.
 */
function asWritten(path: Path, value: unknown): { path: Path; found: unknown } {
  let found = value
  const written = path.flatMap((key) => {
    if (typeof key === 'number' && !Array.isArray(found)) return []
    const name =
      typeof key === 'string' && typeof found === 'object' && found !== null
        ? writtenName(key, found)
        : key
    found = (found as Record<PropertyKey, unknown> | undefined)?.[name]
    return [name]
  })
  return { path: written, found }
}

/** `backends[1].serviceTime`, with indexes from 1. */
function fieldName(path: Path): string {
  if (path.length === 0) return 'the file'
  return path
    .map((key) => (typeof key === 'number' ? `[${key + 1}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
