import { UsageError } from '../../src/kit/errors.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { reports } from './index.ts'

/**
 * The document in the format of this name. Markdown makes itself as short as it is told; all others are whole or not at all.
 *
 * @throws UsageError where it would be longer than the look allows.
 */
export async function rendered(
  format: string,
  document: ResultDocument,
  look: RenderOptions,
): Promise<string> {
  const text = (await reports.find((one) => one.format === format)?.render(document, look)) ?? ''
  const { maxBytes = Number.POSITIVE_INFINITY } = look
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return text
  throw new UsageError(
    `this result takes ${bytes} bytes as ${format}, and --max-bytes allows ${maxBytes}`,
    'only markdown can leave something out: add --format markdown, or allow more',
  )
}
