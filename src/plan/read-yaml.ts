import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from 'yaml'
import type { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { readError, readText } from '../kit/read-text.ts'

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
  // The check for repeated keys of the package takes time in proportion to the square of their number.
  const document = parseDocument(text, {
    ...{ lineCounter: lines, merge: true, stringKeys: true, uniqueKeys: false },
  })
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
    return await readText(file, maxBytes)
  } catch (cause) {
    const why = readError(cause as NodeJS.ErrnoException, maxBytes)
    throw new UsageError(`cannot read ${file} (${why})`, 'give the path of a readable file', {
      cause,
    })
  }
}

/** Bytes of a file: the longest scenario has some thousand. */
const maxBytes = 2 ** 20

function plain(file: string, { document, lines }: Source): unknown {
  const [error] = document.errors
  if (error) {
    const message =
      wordings[error.code] ?? `not valid YAML: ${error.message.replace(/ at line \d+[\s\S]*$/, '')}`
    const { line } = lines.linePos(error.pos[0])
    throw usageError(file, { line, message, hint: 'correct the line' })
  }
  try {
    const repeated = repeatedKey(document)
    if (repeated === undefined) return document.toJS()
    const { line } = lines.linePos(repeated.at)
    const message = `field "${repeated.name}" is repeated`
    throw usageError(file, { line, message, hint: 'keep one of them' })
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    if (cause instanceof RangeError) {
      throw new UsageError(`${file} is nested too deeply`, 'write it as in the examples', { cause })
    }
    throw new UsageError(
      `${file}: aliases cannot be resolved (${(cause as Error).message})`,
      'write the values in full',
      { cause },
    )
  }
}

/** Errors of the package that are addressed to programmers. */
const wordings: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here (---), and one file is one scenario',
  NON_STRING_KEY: 'the name of a field is a list or a map',
  RESOURCE_EXHAUSTION: 'nested too deeply',
}

/** The first field that a map has twice, and its offset in the text. */
function repeatedKey(
  document: Document,
): { readonly name: string; readonly at: number } | undefined {
  let found: { name: string; at: number } | undefined
  visit(document, {
    Map(_, { items }) {
      const names = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (names.has(key.value)) {
          found = { name: String(key.value), at: key.range?.[0] ?? 0 }
          return visit.BREAK
        }
        names.add(key.value)
      }
      return undefined
    },
  })
  return found
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
