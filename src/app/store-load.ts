import { renderedLoad } from '../../reports/formats/load/rendered-load.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import type { Output } from '../kit/output.ts'
import type { LoadResult } from '../result/schemas/load.ts'
import { storeDocument } from './store-document.ts'
import type { Stored } from './store-result.ts'

/** Stores the result of a load test as the last run, and in a file. */
export function storeLoad(
  result: LoadResult,
  { output, isKept }: { readonly output: Output | undefined; readonly isKept: boolean },
): Promise<Stored> {
  const render = (format: string) => renderedLoad(format, result, fileRenderOptions)
  return storeDocument(result, { output, isKept, render })
}
