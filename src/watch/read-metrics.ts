/** One value of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** All values that were read at one time, by the name of their metric. */
export type Samples = ReadonlyMap<string, readonly Sample[]>

/**
 * Reads the text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), with what
 * newer versions add to its lines: quoted names, exemplars. Comments, types and timestamps are passed over.
 *
 * @throws {SyntaxError} a line is none of the format; the message names it by its number
 */
export function readMetrics(text: string): Samples {
  const samples = new Map<string, Sample[]>()
  for (const [i, line] of text.split('\n').entries()) {
    const own = line.trim()
    if (own === '' || own.startsWith('#')) continue
    const { name, ...sample } = readLine(own, i + 1)
    const known = samples.get(name)
    if (known === undefined) samples.set(name, [sample])
    else known.push(sample)
  }
  return samples
}

const tokens = {
  name: /[a-zA-Z_:][\w:]*/y,
  text: /"((?:[^"\\]|\\.)*)"/y,
  blanks: /[ \t]*/y,
  value: /\S+/y,
  /** A time in ms, and an exemplar. */
  rest: /(?:[ \t]+-?\d+(?:\.\d+)?)?(?:[ \t]+#[ \t].*)?$/y,
} as const

function readLine(line: string, number: number): Sample & { readonly name: string } {
  const read = reader(line, number)
  const before = read.token('name')?.[0]
  if (before === undefined && !read.isAt('{')) read.fail('the name of a metric')
  const { name = before, labels } = readLabels(read, before !== undefined)
  read.token('blanks')
  const value = numberOf(read.token('value')?.[0] ?? '') ?? read.fail('a number')
  if (read.token('rest') === undefined) read.fail('a timestamp or the end of the line')
  if (name === undefined) return read.fail('the name of a metric')
  return { name, labels, value }
}

/** The labels in braces, if there are any; a name of a metric that needs quotes stands among them. */
function readLabels(
  read: Reader,
  hasName: boolean,
): { readonly name?: string; readonly labels: Sample['labels'] } {
  const labels: [string, string][] = []
  let name: string | undefined
  const readLabel = (): void => {
    const label = read.quoted() ?? read.token('name')?.[0] ?? read.fail('the name of a label')
    if (read.sign('=')) labels.push([label, read.quoted() ?? read.fail('a value in double quotes')])
    else if (hasName || name !== undefined) read.fail('"="')
    else name = label
  }
  if (read.sign('{')) {
    while (!read.sign('}')) {
      readLabel()
      if (!read.sign(',') && !read.isAt('}')) read.fail('"," or "}"')
    }
  }
  return { ...(name !== undefined && { name }), labels: Object.fromEntries(labels) }
}

/** Reads a line from left to right. */
interface Reader {
  token(kind: keyof typeof tokens): RegExpExecArray | undefined
  /** Whether this character stands next, behind blanks. */
  isAt(character: string): boolean
  /** The same, and passes over it. */
  sign(character: string): boolean
  /** A text in double quotes, without them. */
  quoted(): string | undefined
  fail(wanted: string): never
}

function reader(line: string, number: number): Reader {
  let at = 0
  const token: Reader['token'] = (kind) => {
    const pattern = tokens[kind]
    pattern.lastIndex = at
    const found = pattern.exec(line) ?? undefined
    at += found?.[0].length ?? 0
    return found
  }
  const isAt = (character: string): boolean => {
    token('blanks')
    return line[at] === character
  }
  return {
    token,
    isAt,
    sign(character) {
      const found = isAt(character)
      if (found) at += 1
      return found
    },
    quoted() {
      token('blanks')
      const found = token('text')
      return found && unescaped(found[1] ?? '')
    },
    fail(wanted) {
      throw new SyntaxError(`line ${number}, column ${at + 1}: ${wanted} expected`)
    },
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' }

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (all, character: string) => escapes[character] ?? all)
}

/** A number as Go reads it; undefined where it is none. */
function numberOf(text: string): number | undefined {
  if (/^[-+]?inf(?:inity)?$/i.test(text)) {
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  if (/^nan$/i.test(text)) return Number.NaN
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined
}
