import { printableTexts } from '../../src/kit/printable.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { ResultDocument } from '../../src/result/document.ts'

/** A way to write a result down. Pure: the same document and options give the same text. */
export interface Report {
  readonly format: string
  /** One line for help and lists. */
  readonly summary: string
  readonly extension: `.${string}`
  /** A promise where a large library is loaded first, so that other formats do not pay for it. */
  render(document: ResultDocument, options: RenderOptions): string | Promise<string>
}

/** A format that needs no large library. */
export interface PlainReport extends Report {
  render(document: ResultDocument, options: RenderOptions): string
}

/**
 * The document for a reader: every text of it on one line and free of control characters, whoever wrote it. Its command
 * stays as it was: `reproduceCommand` quotes it.
 */
export function readable(document: ResultDocument): ResultDocument {
  const { command, ...rest } = document
  return { ...printableTexts(rest), command }
}
