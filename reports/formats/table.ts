import { wrap } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { type Screen, screen } from '../layout/screen.ts'
import { wordGrid } from '../layout/word-grid.ts'
import { armsTable } from '../sections/arms-table.ts'
import { balanceTables } from '../sections/balance.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { againstTables, amongTables } from '../sections/comparisons.ts'
import { faultsOnScreen } from '../sections/faults-screen.ts'
import { gateLines } from '../sections/gates.ts'
import { load, machine, placementLine, title, versions } from '../sections/run-lines.ts'
import { scalingTables } from '../sections/scaling.ts'
import { skippedLines } from '../sections/skipped.ts'
import { summaryOf } from '../sections/summary.ts'
import { warningLines } from '../sections/warnings.ts'
import type { PlainReport } from './report.ts'

/** For a terminal: the figures, what limited each arm, and all that qualifies them. */
export const table: PlainReport = {
  format: 'table',
  summary: 'for a terminal: a summary in words, the figures, what limited each arm, warnings',
  extension: '.txt',
  render(document, look) {
    const on = screen(look)
    const parts = [
      header(document, on),
      wrap(on.paint.plain(summaryOf(document)), look.width),
      ...againstTables(document).map((one) => wordGrid(one, on)),
      ...list('Gates', gateLines(document), on),
      ...armsTable(document, 'capacity', on),
      ...armsTable(document, 'latency', on),
      ...faultsOnScreen(document, on),
      ...list('Skipped', skippedLines(document), on),
      ...balanceTables(document).map((one) => wordGrid(one, on)),
      ...list('What limited it', bottleneckLines(document), on),
      ...[...amongTables(document), ...scalingTables(document)].map((one) => wordGrid(one, on)),
      ...list('Warnings', warningLines(document), on),
    ]
    return `${parts.join('\n\n')}\n`
  },
}

function header(document: ResultDocument, { look, paint }: Screen): string {
  const named = versions(document)
  const lines = [
    `${title(document)}: ${load(document)}`,
    machine(document),
    ...(named === '' ? [] : [named]),
    placementLine(document),
  ]
  const [first = '', ...rest] = lines.map((line) => wrap(paint.plain(line), look.width))
  return [paint.strong(first), ...rest.map((line) => paint.faint(line))].join('\n')
}

function list(name: string, items: readonly string[], { look, paint }: Screen): string[] {
  if (items.length === 0) return []
  const mark = name === 'Warnings' ? paint.careful : paint.strong
  const lines = items.map((item) => `  ${wrap(paint.plain(item), look.width && look.width - 2, 4)}`)
  return [[mark(name), ...lines].join('\n')]
}
