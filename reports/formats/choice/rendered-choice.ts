import { UsageError } from '../../../src/kit/errors.ts'
import { printableTexts } from '../../../src/kit/printable.ts'
import type { RenderOptions } from '../../../src/kit/render-options.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import { resultText } from '../../../src/result/text.ts'
import { choiceMarkdown } from './choice-markdown.ts'
import { choiceScreen } from './choice-screen.ts'

const formats: Readonly<
  Record<string, (result: ChoiceDocument, options: RenderOptions) => string | Promise<string>>
> = {
  table: choiceScreen,
  markdown: choiceMarkdown,
  json: resultText,
  // Vega takes a third of a second to load.
  html: async (result) => (await import('./choice-html.ts')).choiceHtml(result),
}

/** @throws {UsageError} a choice has no report of this format */
export function checkChoiceFormat(format: string): void {
  if (formats[format] !== undefined) return
  throw new UsageError(
    `a choice has no report of format ${format}`,
    `use one of ${Object.keys(formats).join(', ')}`,
  )
}

/**
 * A choice in the format of this name.
 *
 * @throws {UsageError} a choice has no report of this format
 */
export async function renderedChoice(
  format: string,
  document: ChoiceDocument,
  options: RenderOptions,
): Promise<string> {
  checkChoiceFormat(format)
  const { command, ...rest } = document
  return (await formats[format]?.({ ...printableTexts(rest), command }, options)) ?? ''
}
