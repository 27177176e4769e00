import type { ResultDocument } from '../../src/result/document.ts'
import type { ReproducedTable, Reproduction } from '../../src/result/reproduction.ts'
import { bullets, escaped, fenced, markdownTable } from '../layout/markdown-parts.ts'
import { caveats, limitLines, load, machine, repeat } from '../sections/words.ts'
import {
  measuredHeading,
  measuredWords,
  projectedWords,
  shapeHeading,
  shapeWords,
  speedUps,
  tableNotes,
  verdictWords,
} from './reproduction-words.ts'

/** Documented tables beside what was measured, for a page. */
export function reproductionMarkdown(reproduction: Reproduction, result: ResultDocument): string {
  const { title, documentedHost, tables, remarks } = reproduction
  const of = (kind: 'contradiction' | 'implication') =>
    remarks.filter((one) => one.kind === kind).map(({ check, text }) => `${check}: ${text}`)
  const parts = [
    `## Reproduced: ${escaped(title)}`,
    escaped(verdictWords(reproduction)),
    `Measured with ${escaped(load(result))}.`,
    bullets([
      ...(documentedHost === undefined ? [] : [`documented on ${documentedHost}`]),
      `measured on ${machine(result)}`,
      result.placement,
    ]),
    ...tables.map(tableText),
    section(
      'Where the documented figures disagree with each other or with their method',
      of('contradiction'),
    ),
    section('What the documented figures imply without saying it', of('implication')),
    section('What limited it', limitLines(result)),
    `To repeat it:\n\n${fenced('sh', repeat(result))}`,
    section('Warnings', caveats(result)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(name: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `### ${name}\n\n${bullets(items)}`
}

function tableText(table: ReproducedTable): string {
  const rows = table.rows.map((row) => {
    const { figure, interval } = measuredWords(row)
    const { answer, documented, measured } = shapeWords(row, table)
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
      figures === '' ? answer : `**${answer}**: ${figures}`,
    ].map((text, i) => (i === 3 ? text.replaceAll('|', '\\|') : escaped(text)))
  })
  const head = ['row', 'documented', measuredHeading(table), shapeHeading(table)].map(escaped)
  return [
    `### ${escaped(table.title)}`,
    markdownTable(head, rows),
    tableNotes(table).map(escaped).join('<br>\n'),
    chart(table),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Documented as a line, measured as bars; what was not measured on so many cores has none. */
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
  )}\n\nThere is no bar where the host has fewer cores.`
}
