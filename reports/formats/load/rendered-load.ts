import { UsageError } from '../../../src/kit/errors.ts'
import { printableTexts } from '../../../src/kit/printable.ts'
import type { RenderOptions } from '../../../src/kit/render-options.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { resultText } from '../../../src/result/text.ts'
import { loadCsv } from './load-csv.ts'
import { loadJunit } from './load-junit.ts'
import { loadMarkdown } from './load-markdown.ts'
import { loadScreen } from './load-screen.ts'

const formats: Readonly<
  Record<string, (result: LoadResult, options: RenderOptions) => string | Promise<string>>
> = {
  table: loadScreen,
  markdown: loadMarkdown,
  csv: loadCsv,
  junit: loadJunit,
  // Vega takes a third of a second to load.
  html: async (result) => (await import('./load-html.ts')).loadHtml(result),
}

/**
 * The result of a load test in the format of this name.
 *
 * @throws {UsageError} a load test has no report of this format
 */
export async function renderedLoad(
  format: string,
  result: LoadResult,
  options: RenderOptions,
): Promise<string> {
  if (format === 'json') return resultText(result)
  const render = formats[format]
  if (render === undefined) {
    throw new UsageError(
      `a load test has no report of format ${format}`,
      `use one of ${[...Object.keys(formats), 'json'].join(', ')}`,
    )
  }
  const { command, ...rest } = result
  return render({ ...printableTexts(rest), command }, options)
}
