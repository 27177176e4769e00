import { type ThresholdSource, thresholdError } from './threshold-error.ts'

/** A part of a threshold, and its column, from 1. */
export interface Part {
  readonly text: string
  readonly column: number
}

/** One token: a word, a quoted name, a comparison (`<`), or one of the marks `@`, `!` and `,`. */
export interface Token extends Part {
  readonly kind: 'word' | 'quoted' | 'comparison' | 'mark'
  /** Column behind it. */
  readonly end: number
}

const pattern = /\s*(?:(["'])(.*?)\1|([<>=≤≥]+)|([@!,])|([^\s<>=≤≥@!,"'][^\s<>=≤≥@!,]*))/y

/**
 * Splits a threshold into its tokens.
 *
 * @throws {UsageError} a quotation mark is not closed
 */
export function thresholdTokens(written: ThresholdSource): Token[] {
  const text = written.text.trimEnd()
  const tokens: Token[] = []
  pattern.lastIndex = 0
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    const match = pattern.exec(text)
    if (match === null) throw openQuote(written, text.length - text.slice(at).trimStart().length)
    const [, quote, quoted, comparison, mark, word] = match
    const found = quoted ?? comparison ?? mark ?? word ?? ''
    const length = found.length + (quote === undefined ? 0 : 2)
    tokens.push({
      kind: quote !== undefined ? 'quoted' : comparison ? 'comparison' : mark ? 'mark' : 'word',
      ...{ text: found, column: pattern.lastIndex - length + 1, end: pattern.lastIndex + 1 },
    })
  }
  return tokens
}

function openQuote(written: ThresholdSource, at: number) {
  const quote = written.text[at] as string
  return thresholdError(written, {
    column: at + 1,
    problem: `${quote} is not closed`,
    remedy: `close the name with ${quote}`,
  })
}
