import { resultText } from '../src/result/text.ts'
import type { Report } from './report.ts'

/** The whole result, as `--output` stores it. */
export const json: Report = {
  format: 'json',
  summary: 'the whole result, for programs and to report from again',
  extension: '.json',
  render: resultText,
}
