import { join } from 'node:path'
import { table } from '../../reports/formats/table.ts'
import type { ResultDocument } from '../../src/result/document.ts'

export const readme = join(import.meta.dirname, '../../README.md')

/** Text between these lines of the README is the report of the golden result, as `npm run bench` prints it. */
const marks = ['<!-- report -->\n```\n', '```\n<!-- /report -->']

/** The README with this report in its place. */
export function withReport(text: string, document: ResultDocument): string {
  const [from = '', to = ''] = marks
  const [start, end] = [text.indexOf(from) + from.length, text.indexOf(to)]
  const report = table.render(document, { width: 88, colour: false, unicode: true })
  return `${text.slice(0, start)}${report}${text.slice(end)}`
}
