import type { Look } from '../src/kit/look.ts'
import type { ResultDocument } from '../src/result/document.ts'

/** A way to write a result down. Pure: the same document and look give the same text. */
export interface Report {
  readonly format: string
  /** One line for help and lists. */
  readonly summary: string
  readonly extension: `.${string}`
  render(document: ResultDocument, look: Look): string
}
