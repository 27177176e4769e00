import { UsageError } from '../../src/kit/errors.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { reports } from './index.ts'

/**
 * The document in the format of this name. Markdown truncates to `maxBytes`; other formats throw when larger.
 *
 * @throws {UsageError} it is larger than `maxBytes`
 */
export async function rendered(
  format: string,
  document: ResultDocument,
  options: RenderOptions,
): Promise<string> {
  const text = (await reports.find((one) => one.format === format)?.render(document, options)) ?? ''
  const { maxBytes = Number.POSITIVE_INFINITY } = options
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return text
  throw new UsageError(
    `this result takes ${bytes} bytes as ${format}, and --max-bytes allows ${maxBytes}`,
    'only markdown can be shortened: add --format markdown, or raise --max-bytes',
  )
}
