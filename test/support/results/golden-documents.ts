import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from '../../../reports/formats/table.ts'
import type { ResultDocument } from '../../../src/result/document.ts'

const root = join(import.meta.dirname, '../../..')

/** The report of the golden result, as `lb report --full` prints it on a terminal 88 columns wide. */
function reportOf(document: ResultDocument): string {
  return table.render(document, { width: 88, colour: false, unicode: true, full: true })
}

/**
 * What the README has space for, of the screen that `lb bench` prints: the answer, the table with its notes, and what
 * limited the arms.
 */
function excerptOf(document: ResultDocument): string {
  const screen = table.render(document, { width: 80, colour: false, unicode: true })
  const [, answer = '', figures = '', facts = ''] = screen.split('\n\n')
  const lines = facts.split('\n')
  const end = lines.findIndex((line, i) => i > 0 && /^\S/.test(line))
  const limits = lines.slice(0, end).filter(() => facts.startsWith('Limited by'))
  return `${[answer, figures, limits.join('\n')].filter((part) => part !== '').join('\n\n')}\n`
}

/** Each document that shows the golden result, and the part of the report that it shows. */
const shownParts: Record<string, (document: ResultDocument) => string> = {
  'README.md': excerptOf,
  'docs/example-report.md': reportOf,
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
  const part = shownParts[path]?.(document) ?? ''
  return { current, updated: `${current.slice(0, start)}${part}${current.slice(end)}` }
}

/** Writes the report of `document` into every document that shows it. */
export function updateGoldenDocuments(document: ResultDocument): void {
  for (const path of goldenDocuments) {
    writeFileSync(join(root, path), withReport(path, document).updated)
  }
}
