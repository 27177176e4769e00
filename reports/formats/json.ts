import { resultText } from '../../src/result/text.ts'
import type { PlainReport } from './report.ts'

/** The result document, as `--output` stores it. */
export const json: PlainReport = {
  format: 'json',
  summary: 'the result document; `lb report` reads it',
  extension: '.json',
  render: resultText,
}
