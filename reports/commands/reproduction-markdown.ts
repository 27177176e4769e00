import type { ResultDocument } from '../../src/result/document.ts'
import type { ReproducedTable, Reproduction } from '../../src/result/reproduction.ts'
import { bullets, escaped, fenced, markdownTable } from '../layout/markdown-parts.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { load, machine, placementLine, reproduceCommand } from '../sections/run-lines.ts'
import { warningLines } from '../sections/warnings.ts'
import { remarkWords } from './remark-wordings.ts'
import {
  measuredHeading,
  measuredWords,
  projectedWords,
  speedUps,
  summaryWords,
  trendHeading,
  trendWords,
} from './reproduction-words.ts'
import { tableNotes } from './trend-wordings.ts'

/** Documented tables beside the measured ones, as Markdown. */
export function reproductionMarkdown(reproduction: Reproduction, result: ResultDocument): string {
  const { title, documentedHost, tables, remarks } = reproduction
  const of = (kind: 'contradiction' | 'implication') =>
    remarks.filter((one) => one.kind === kind).map(remarkWords)
  const parts = [
    `## Reproduced: ${escaped(title)}`,
    escaped(summaryWords(reproduction)),
    `Measured with ${escaped(load(result))}.`,
    bullets([
      ...(documentedHost === undefined ? [] : [`documented on ${documentedHost}`]),
      `measured on ${machine(result)}`,
      placementLine(result),
    ]),
    ...tables.map(tableText),
    section('Documented figures that contradict each other or their method', of('contradiction')),
    section('Implied by the documented figures', of('implication')),
    section('Bottlenecks', bottleneckLines(result)),
    `To repeat this run:\n\n${fenced('sh', reproduceCommand(result))}`,
    section('Warnings', warningLines(result)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(name: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `### ${name}\n\n${bullets(items)}`
}

function tableText(table: ReproducedTable): string {
  const rows = table.rows.map((row) => {
    const { figure, interval } = measuredWords(row)
    const { outcome, documented, measured } = trendWords(row, table)
    const range = interval === '' ? '' : ` (${interval})`
    const projected = projectedWords(row)
    const figures = [
      ...(documented === '' ? [] : [`documented ${documented}`]),
      ...(measured === '' ? [] : [`here ${measured}`]),
    ].join(', ')
    return [
      row.name,
      row.documented.text,
      `${figure}${range}${projected === '' ? '' : `, ${projected}`}`,
      figures === '' ? outcome : `**${outcome}**: ${figures}`,
    ].map((text, i) => (i === 3 ? text.replaceAll('|', '\\|') : escaped(text)))
  })
  const head = ['row', 'documented', measuredHeading(table), trendHeading(table)].map(escaped)
  return [
    `### ${escaped(table.title)}`,
    markdownTable(head, rows),
    tableNotes(table).map(escaped).join('<br>\n'),
    chart(table),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The documented speed-up as a line, the measured one as bars; rows beyond the cores of the host have no bar. */
function chart(table: ReproducedTable): string {
  const points = speedUps(table)
  if (points === undefined || points.every(({ measured }) => measured === undefined)) return ''
  const values = points.flatMap(({ documented, measured = 0 }) => [documented, measured])
  const numbers = (list: readonly number[]) => list.map((value) => value.toFixed(2)).join(', ')
  const text = (name: string) => name.replaceAll('"', "'")
  return `${fenced(
    'mermaid',
    [
      'xychart-beta',
      `    title "${text(table.title)}: speed-up, documented (line) and measured (bars)"`,
      `    x-axis [${points.map(({ name }) => `"${text(name)}"`).join(', ')}]`,
      `    y-axis "times the first row" 0 --> ${Math.ceil(Math.max(...values))}`,
      `    bar [${numbers(points.map(({ measured = 0 }) => measured))}]`,
      `    line [${numbers(points.map(({ documented }) => documented))}]`,
    ].join('\n'),
  )}\n\nRows beyond the cores of this host have no bar.`
}
