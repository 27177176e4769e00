import { resultText } from '../../src/result/text.ts'
import type { PlainReport } from './report.ts'

/** The whole result, as `--output` stores it. */
export const json: PlainReport = {
  format: 'json',
  summary: 'the whole result, for programs and to report from again',
  extension: '.json',
  render: resultText,
}
