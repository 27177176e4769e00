import { readFile } from 'node:fs/promises'
import { type Document, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from 'yaml'
import type { z } from 'zod'
import { UsageError } from '../kit/errors.ts'

/** An error in a file: its line, and the remedy. */
interface FileError {
  readonly line: number
  readonly message: string
  readonly hint: string
  /** Whether a field is missing. */
  readonly missing: boolean
}

interface Source {
  readonly document: Document
  readonly lines: LineCounter
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
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const source = { document, lines }
  const value = plain(file, source)
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [first] = result.error.issues
    .map((issue) => toFileError(issue, value, source))
    // A misspelled field is also a missing one: report the misspelling.
    .sort((a, b) => Number(a.missing) - Number(b.missing) || a.line - b.line)
  throw usageError(file, first as FileError)
}

/**
 * The text of a file that the user named.
 *
 * @throws {UsageError} it cannot be read
 */
export async function content(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(`cannot read ${file} (${code})`, 'give the path of a readable file', {
      cause,
    })
  }
}

function plain(file: string, { document, lines }: Source): unknown {
  const [error] = document.errors
  if (error) {
    const message = error.message.replace(/ at line \d+[\s\S]*$/, '')
    const { line } = lines.linePos(error.pos[0])
    throw usageError(file, {
      line,
      message: `not valid YAML: ${message}`,
      hint: 'correct the line',
    })
  }
  try {
    return document.toJS()
  } catch (cause) {
    throw new UsageError(
      `${file}: aliases cannot be resolved (${(cause as Error).message})`,
      'write the values in full',
      { cause },
    )
  }
}

function usageError(file: string, { line, message, hint }: Omit<FileError, 'missing'>): UsageError {
  return new UsageError(`${file}, line ${line}: ${message}`, hint)
}

function toFileError(issue: z.core.$ZodIssue, value: unknown, source: Source): FileError {
  const { path, found } = asWritten(issue.path, value)
  const hint = issue.message
  if (issue.code === 'unrecognized_keys') {
    const field = [...path, ...issue.keys.slice(0, 1)]
    const message = `unknown field "${fieldName(field)}"`
    return { line: lineOf(field, source), message, hint, missing: false }
  }
  const is = found === undefined ? 'missing' : excerpt(found)
  const message = `${fieldName(path)} is ${is}`
  return { line: lineOf(path, source), message, hint, missing: found === undefined }
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

/** The line of the value at `path`, or of the nearest value around it. */
function lineOf(path: Path, source: Source): number {
  const offset = keyOffset(path, source) ?? nodeOffset(path, source)
  if (offset !== undefined) return source.lines.linePos(offset).line
  return path.length === 0 ? 1 : lineOf(path.slice(0, -1), source)
}

function keyOffset(path: Path, { document }: Source): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }: Pair) => isScalar(key) && key.value === path.at(-1))
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined
}

function nodeOffset(path: Path, { document }: Source): number | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
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
