import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { ResultDocument } from '../../src/result/document.ts'

/** A way to write a result down. Pure: the same document and look give the same text. */
export interface Report {
  readonly format: string
  /** One line for help and lists. */
  readonly summary: string
  readonly extension: `.${string}`
  /** A promise where something heavy must be loaded first, which only those who want this format pay for. */
  render(document: ResultDocument, look: RenderOptions): string | Promise<string>
}

/** A format that needs nothing heavy. */
export interface PlainReport extends Report {
  render(document: ResultDocument, look: RenderOptions): string
}
