import { join } from 'node:path'
import type { ResultDocument } from '../../../src/result/document.ts'
import { readResult } from '../../../src/result/read.ts'

/** A result of `lb bench --scenario default`, really measured and kept. */
export function goldenResult(): Promise<ResultDocument> {
  return readResult(join(import.meta.dirname, '../../golden/result.json'))
}
