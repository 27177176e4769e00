import { type ThresholdSource, thresholdError } from './threshold-error.ts'
import { type Part, type Token, thresholdTokens } from './threshold-tokens.ts'

/** The parts of a threshold. The parts that are not there are undefined, or empty where every threshold has them. */
export interface ThresholdParts {
  /** Name of the metric: `p99`. */
  readonly metric: Part
  /** Name of a step or of a custom metric: `of list`. */
  readonly of?: Part
  /** `<`, `>`, `<=` or `>=`. */
  readonly comparison: Part
  /** `100ms`, `0.1%`, `+5%`. */
  readonly limit: Part
  /** Time of a window: `over 5s`. */
  readonly over?: Part
  /** Names of stages: `@ hold, peak`. */
  readonly stages: readonly Part[]
  /** The `!` that ends the run where the threshold fails. */
  readonly abort?: Part
}

/**
 * Reads the parts of a threshold, without their meaning:
 * `METRIC [of NAME] COMPARISON LIMIT [over TIME] [@ STAGE, …] [!]`. Grammar: docs/reference/thresholds.md.
 *
 * @throws {UsageError} naming the column of a part that is not expected
 */
export function thresholdParts(written: ThresholdSource): ThresholdParts {
  const cursor = cursorOver(written)
  const metric = cursor.take('word') ?? cursor.take('quoted') ?? cursor.none()
  const of = cursor.take('word', 'of') && named(cursor, 'no name after "of"', 'of list')
  const comparison = cursor.take('comparison') ?? cursor.none()
  const limit = amount(cursor) ?? cursor.none()
  return { metric, ...(of && { of }), comparison, limit, ...clauses(cursor) }
}

/** What may stand behind the limit: a window and stages in either order, and `!` last. */
function clauses(cursor: Cursor): Pick<ThresholdParts, 'over' | 'stages' | 'abort'> {
  const before = windowPart(cursor)
  const stages = stageNames(cursor)
  const over = before ?? windowPart(cursor)
  const abort = cursor.take('mark', '!')
  cursor.end()
  return { ...(over && { over }), stages, ...(abort && { abort }) }
}

function windowPart(cursor: Cursor): Part | undefined {
  if (cursor.take('word', 'over') === undefined) return undefined
  // "over any 5s" is what "over 5s" means.
  cursor.take('word', 'any')
  const time = amount(cursor)
  if (time === undefined) throw cursor.missing('no time after "over"', 'over 5s')
  return time
}

function stageNames(cursor: Cursor): Part[] {
  const names: Part[] = []
  let mark = cursor.take('mark', '@')
  while (mark) {
    names.push(named(cursor, 'no name of a stage', '@ hold'))
    mark = cursor.take('mark', ',')
  }
  return names
}

/** One word, or a number and its unit: `20 ms`; undefined where no word is next. */
function amount(cursor: Cursor): Part | undefined {
  const first = cursor.take('word')
  const isNumber = first !== undefined && /^[+\-−]?[\d.]+$/.test(first.text)
  const unit = isNumber && cursor.next?.text !== 'over' ? cursor.take('word') : undefined
  return first && unit ? cursor.joined(first, unit) : first
}

/** A quoted name, or all words up to a mark, a comparison or "over". */
function named(cursor: Cursor, problem: string, example: string): Part {
  const quoted = cursor.take('quoted')
  if (quoted) return quoted
  const first = cursor.take('word')
  if (first === undefined) throw cursor.missing(problem, example)
  let last = first
  while (cursor.next?.text !== 'over') {
    const word = cursor.take('word')
    if (word === undefined) break
    last = word
  }
  return cursor.joined(first, last)
}

/** A place in the tokens of a threshold. */
interface Cursor {
  readonly next: Token | undefined
  /** Takes the next token if it is of that kind, and has that text where one is given. */
  take(kind: Token['kind'], text?: string): Token | undefined
  /** An empty part at this place. */
  none(): Part
  /** The text from one token to the end of another. */
  joined(first: Token, last: Token): Part
  missing(problem: string, example: string): Error
  /** @throws {UsageError} a token is left */
  end(): void
}

function cursorOver(written: ThresholdSource): Cursor {
  const tokens = thresholdTokens(written)
  let at = 0
  const column = () => tokens[at]?.column ?? written.text.trimEnd().length + 1
  return {
    get next() {
      return tokens[at]
    },
    take(kind, text) {
      const token = tokens[at]
      if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined
      at++
      return token
    },
    none: () => ({ text: '', column: column() }),
    joined: (first, last) => ({
      text: written.text.slice(first.column - 1, last.end - 1),
      column: first.column,
    }),
    missing: (problem, example) =>
      thresholdError(written, {
        ...{ column: column(), problem },
        remedy: `write for example ${example}`,
      }),
    end() {
      const left = tokens[at]
      if (left) throw unexpected(written, left)
    },
  }
}

function unexpected(written: ThresholdSource, { text, column }: Part) {
  const remedy =
    text === ','
      ? 'give each threshold on its own'
      : 'after the limit there may be over TIME, @ STAGE and !, each once, with ! last; quote names with other signs'
  return thresholdError(written, { column, problem: `"${text}" is not expected here`, remedy })
}
