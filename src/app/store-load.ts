import { reports } from '../../reports/formats/index.ts'
import { renderedLoad } from '../../reports/formats/load/rendered-load.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { type Output, writeOutput } from '../kit/output.ts'
import type { LoadResult } from '../result/schemas/load.ts'
import { writeResult } from '../result/write.ts'
import { storeLast } from '../store/last-run.ts'
import { lbFolder } from '../store/lb-folder.ts'
import type { Stored } from './store-result.ts'

/** Stores the result of a load test as the last run, and in a file. An error at one of them does not keep it from the other. */
export async function storeLoad(
  result: LoadResult,
  { output, isKept }: { readonly output: Output | undefined; readonly isKept: boolean },
): Promise<Stored> {
  const files: string[] = []
  const errors: Error[] = []
  const attempt = async (store: () => Promise<string>) => {
    try {
      files.push(await store())
    } catch (error) {
      errors.push(error as Error)
    }
  }
  if (isKept) await attempt(() => storeLast(result, lbFolder(process.cwd())))
  const isLost = errors.length > 0
  if (output !== undefined) {
    await attempt(async () => {
      const report = reports.find(({ extension }) => output.path.endsWith(extension))
      if (report === undefined || report.format === 'json') await writeResult(result, output)
      else {
        await writeOutput(output, await renderedLoad(report.format, result, fileRenderOptions))
      }
      return output.path
    })
  }
  return { files, errors, isLast: isKept && !isLost, isLost }
}
