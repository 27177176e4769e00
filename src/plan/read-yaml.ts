import type { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { content, parseYamlSource, type YamlSource } from '../kit/yaml-source.ts'

/** An error in a file: its line, and the remedy. */
interface FileError {
  readonly line: number
  readonly message: string
  readonly hint: string
  /** Whether a field is missing. */
  readonly missing: boolean
}

type Path = readonly PropertyKey[]

/**
 * Reads a YAML file that must match `schema`.
 *
 * @throws {UsageError} it cannot be read or does not match; with the file, line and field of the first error
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
 * @throws {UsageError} it does not match; with the file, line and field of the first error
 */
export function parseYaml<Schema extends z.ZodType>(
  { file, text }: { readonly file: string; readonly text: string },
  schema: Schema,
): z.output<Schema> {
  const source = parseYamlSource({ file, text })
  const result = schema.safeParse(source.value)
  if (result.success) return result.data
  const [first] = result.error.issues
    .map((issue) => toFileError(issue, source))
    // A misspelled field is also a missing one: report the misspelling.
    .sort((a, b) => Number(a.missing) - Number(b.missing) || a.line - b.line)
  const { line, message, hint } = first as FileError
  throw new UsageError(`${file}, line ${line}: ${message}`, hint)
}

function toFileError(issue: z.core.$ZodIssue, { value, lineOf }: YamlSource): FileError {
  const { path, found } = asWritten(issue.path, value)
  const hint = issue.message
  if (issue.code === 'unrecognized_keys') {
    const field = [...path, ...issue.keys.slice(0, 1)]
    const message = `unknown field "${fieldName(field)}"`
    return { line: lineOf(field), message, hint, missing: false }
  }
  const is = found === undefined ? 'missing' : excerpt(found)
  const message = `${fieldName(path)} is ${is}`
  return { line: lineOf(path), message, hint, missing: found === undefined }
}

/** A schema may accept a single value as a list of one: the path in the file lacks that index. */
function asWritten(path: Path, value: unknown): { path: Path; found: unknown } {
  let found = value
  const written = path.filter((key) => {
    if (typeof key === 'number' && !Array.isArray(found)) return false
    found = (found as Record<PropertyKey, unknown> | undefined)?.[key]
    return true
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
