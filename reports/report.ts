import type { ResultDocument } from '../src/result/document.ts'

/** What the reader's screen can show. */
export interface Look {
  /** Columns of the terminal; undefined where lines may be as long as they need. */
  readonly width: number | undefined
  readonly colour: boolean
  readonly unicode: boolean
}

/** A way to write a result down. Pure: the same document and look give the same text. */
export interface Report {
  readonly format: string
  /** One line for help and lists. */
  readonly summary: string
  readonly extension: `.${string}`
  render(document: ResultDocument, look: Look): string
}
