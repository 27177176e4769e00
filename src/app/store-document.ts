import { type Output, writeOutput } from '../kit/output.ts'
import type { AnyDocument } from '../result/any-document.ts'
import { writeResult } from '../result/write.ts'
import { storeLast } from '../store/last-run.ts'
import { lbFolder } from '../store/lb-folder.ts'
import { outputFormat } from './output-format.ts'
import { storeAttempts } from './store-attempts.ts'
import type { Stored } from './store-result.ts'

/** Where a document is stored, and how a report is made of it. */
interface StoreOptions {
  /** The file of --output; its extension decides the format. */
  readonly output: Output | undefined
  /** Whether it becomes the last run. */
  readonly isKept: boolean
  render(format: string): Promise<string>
}

/** Stores a document as the last run, and in a file. An error at one of them does not keep it from the other. */
export async function storeDocument(
  document: AnyDocument,
  { output, isKept, render }: StoreOptions,
): Promise<Stored> {
  const { files, errors, attempt } = storeAttempts()
  if (isKept) await attempt(() => storeLast(document, lbFolder(process.cwd())))
  const isLost = errors.length > 0
  if (output !== undefined) {
    await attempt(async () => {
      const format = outputFormat(output.path)
      if (format === 'json') await writeResult(document, output)
      else await writeOutput(output, await render(format))
      return output.path
    })
  }
  return { files, errors, isLast: isKept && !isLost, isLost }
}
