import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { Reproduction } from '../../src/result/reproduction.ts'
import { reproductionMarkdown } from './reproduction-markdown.ts'
import { reproductionScreen } from './reproduction-screen.ts'
import { reproductionTable } from './reproduction-table.ts'

/** The ways to write a reproduction down; each a pure function, like the reports of a result. */
export const reproductionFormats: Readonly<
  Record<
    string,
    (reproduction: Reproduction, result: ResultDocument, options: RenderOptions) => string
  >
> = {
  table: (reproduction, result, options) =>
    (options.full ? reproductionTable : reproductionScreen)(reproduction, result, options),
  markdown: reproductionMarkdown,
}
