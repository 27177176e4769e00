import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from '../../../reports/formats/table.ts'
import type { ResultDocument } from '../../../src/result/document.ts'

const root = join(import.meta.dirname, '../../..')

/** The report of the golden result, as `lb report --full` prints it on a terminal 88 columns wide. */
function reportOf(document: ResultDocument): string {
  return table.render(document, { width: 88, colour: false, unicode: true, full: true })
}

/** What the README has space for: the first table, without the lines of intervals, and the bottlenecks. */
function excerptOf(report: string): string {
  const lines = report.split('\n')
  const table = block(lines, /^algorithm /, /^[A-Z\d]|^$/).filter((line) => !/^ +±/.test(line))
  return `${[...table, '', ...block(lines, /^Bottlenecks/, /^$/)].join('\n')}\n`
}

/** The lines from the first that matches `from`, up to the next that matches `until`. */
function block(lines: readonly string[], from: RegExp, until: RegExp): string[] {
  const start = lines.findIndex((line) => from.test(line))
  if (start < 0)
    throw new Error(`the report has no line ${from}: the README shows an excerpt of it`)
  const end = lines.findIndex((line, i) => i > start && until.test(line))
  return lines.slice(start, end)
}

/** Each document that shows the golden result, and the part of the report that it shows. */
const shownParts: Record<string, (report: string) => string> = {
  'README.md': excerptOf,
  'docs/example-report.md': (report) => report,
}

/** Documents that show the golden result, as paths from the root of the repository. */
export const goldenDocuments = Object.keys(shownParts)

/** A document's text as it is, and with the report of `document` between its marks `<!-- report -->`. */
export function withReport(
  path: string,
  document: ResultDocument,
): { current: string; updated: string } {
  const current = readFileSync(join(root, path), 'utf8')
  const [from, to] = ['<!-- report -->\n```\n', '```\n<!-- /report -->']
  const [start, end] = [current.indexOf(from) + from.length, current.indexOf(to)]
  if (start < from.length || end < 0) throw new Error(`${path} has no marks <!-- report -->`)
  const part = shownParts[path]?.(reportOf(document)) ?? ''
  return { current, updated: `${current.slice(0, start)}${part}${current.slice(end)}` }
}

/** Writes the report of `document` into every document that shows it. */
export function updateGoldenDocuments(document: ResultDocument): void {
  for (const path of goldenDocuments) {
    writeFileSync(join(root, path), withReport(path, document).updated)
  }
}
