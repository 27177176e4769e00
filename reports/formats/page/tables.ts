import type { ResultDocument } from '../../../src/result/document.ts'
import type { MetricName } from '../../../src/result/metrics.ts'
import {
  type Cell,
  cells,
  folded,
  list,
  notes,
  paragraph,
  section,
  table,
} from '../../layout/html-parts.ts'
import type { TextTable } from '../../layout/text-table.ts'
import { columns } from '../../sections/columns.ts'
import { faultsTable } from '../../sections/faults.ts'
import { footnotes, heading, shown } from '../../sections/footnotes.ts'
import { cores, type Phase, type Row, rowsOf } from '../../sections/rows.ts'

/** The table of a phase, with its notes. */
export function phaseTable(document: ResultDocument, phase: Phase): string {
  const rows = rowsOf(document, phase)
  if (rows.length === 0) return ''
  const name = heading(document, phase)
  return section(name, metricTable(name, rows, shown[phase]), notes(footnotes(document, phase)))
}

/** A table of further metrics for each phase, behind a line that opens it. */
export function furtherTables(
  document: ResultDocument,
  name: string,
  names: readonly MetricName[],
): string {
  const tables = (['capacity', 'latency'] as const).flatMap((phase) => {
    const rows = rowsOf(document, phase)
    const about = heading(document, phase)
    return rows.length === 0
      ? []
      : [paragraph(about, 'faint'), metricTable(`${name}. ${about}`, rows, names)]
  })
  return `<div class="fold">${folded(name, ...tables)}</div>`
}

/** A table whose cells are words already, with its notes. */
export function wordTable({ title: name, head, rows, notes: lines }: TextTable): string {
  return section(name, plainTable(name, head, rows), notes(lines))
}

/** The same behind a line that opens it. */
export function foldedTable({ title: name, head, rows, notes: lines }: TextTable): string {
  return `<div class="fold">${folded(name, plainTable(name, head, rows), notes(lines))}</div>`
}

/** The effects of each fault, target beside target. */
export function faultsSection(document: ResultDocument): string {
  const found = faultsTable(document)
  if (found === undefined) return ''
  return [
    list(found.faults),
    table(
      found.title,
      found.head,
      found.rows.map((row) => ({ cells: row })),
    ),
    notes(found.notes),
  ].join('\n')
}

function plainTable(name: string, head: readonly string[], rows: TextTable['rows']): string {
  return table(
    name,
    cells(head),
    rows.map((row) => ({ cells: cells(row) })),
  )
}

function metricTable(name: string, rows: readonly Row[], names: readonly MetricName[]): string {
  const all = columns(names, rows)
  return table(
    name,
    [
      ...cells(['algorithm', 'cores']),
      ...all.map(({ heading: text, unit }) => ({ text, below: unit })),
    ],
    rows.map((row) => ({
      apart: row.finding.validity !== 'valid',
      cells: [
        nameCell(row),
        { text: cores(row) },
        ...all.map((column) => ({ text: column.cell(row), below: column.spread(row) })),
      ],
    })),
  )
}

function nameCell({ label, finding }: Row): Cell {
  return {
    valid: { text: label },
    oversubscribed: { text: label, chip: 'more workers than CPUs' },
    invalid: { text: label, chip: 'not usable', isStruck: true },
  }[finding.validity]
}
