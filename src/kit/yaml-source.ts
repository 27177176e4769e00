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
import { UsageError } from './errors.ts'
import { readError, readText } from './read-text.ts'

/** The content of a YAML or JSON file, and where its values are. */
export interface YamlSource {
  readonly value: unknown
  /** The line of the value at `path`, or of the nearest value around it. */
  lineOf(path: Path): number
}

type Path = readonly PropertyKey[]

interface Parsed {
  readonly document: Document
  readonly lines: LineCounter
}

/**
 * Parses YAML text, of which JSON is a part.
 *
 * @throws {UsageError} it is not valid YAML; with file and line
 */
export function parseYamlSource({
  file,
  text,
}: {
  readonly file: string
  readonly text: string
}): YamlSource {
  const lines = new LineCounter()
  // The package's check for repeated keys, and the extract of the line that it adds to each error, take time in proportion to the
  // square of the length of the text.
  const document = parseDocument(text, {
    ...{
      lineCounter: lines,
      merge: true,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
    },
  })
  const parsed = { document, lines }
  return { value: plain(file, parsed), lineOf: (path) => lineOf(path, parsed) }
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

function plain(file: string, { document, lines }: Parsed): unknown {
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
  MULTIPLE_DOCS: 'a second document begins here (---), and a file is one document',
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

function usageError(
  file: string,
  {
    line,
    message,
    hint,
  }: { readonly line: number; readonly message: string; readonly hint: string },
): UsageError {
  return new UsageError(`${file}, line ${line}: ${message}`, hint)
}

function lineOf(path: Path, parsed: Parsed): number {
  const offset = keyOffset(path, parsed) ?? nodeOffset(path, parsed)
  if (offset !== undefined) return parsed.lines.linePos(offset).line
  return path.length === 0 ? 1 : lineOf(path.slice(0, -1), parsed)
}

function keyOffset(path: Path, { document }: Parsed): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }: Pair) => isScalar(key) && key.value === path.at(-1))
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined
}

function nodeOffset(path: Path, { document }: Parsed): number | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}
