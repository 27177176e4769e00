import { plural } from '../../src/kit/plural.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import type { Drawing } from '../charts/draw.ts'
import { figure } from '../charts/figure.ts'
import { page } from '../layout/html-page.ts'
import { cells, list, paragraph, section, table } from '../layout/html-parts.ts'
import type { TextTable } from '../layout/text-table.ts'
import { xml } from '../layout/xml.ts'
import { balanceTables } from '../sections/balance.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { columns } from '../sections/columns.ts'
import { betweenRunsTables, withinRunTables } from '../sections/comparisons.ts'
import { faultsTable } from '../sections/faults.ts'
import { footnotes, heading, shown } from '../sections/footnotes.ts'
import { gateLines } from '../sections/gates.ts'
import { cores, type Phase, type Row, rowsOf } from '../sections/rows.ts'
import {
  load,
  machine,
  placementLine,
  reproduceCommand,
  title,
  versions,
} from '../sections/run-lines.ts'
import { scalingTables } from '../sections/scaling.ts'
import { skippedLines } from '../sections/skipped.ts'
import { summaryOf } from '../sections/summary.ts'
import { warningLines } from '../sections/warnings.ts'
import { type Report, readable } from './report.ts'

/** A page: the same contents as markdown, with interactive charts. */
export const html: Report = {
  format: 'html',
  summary: 'one page with charts, works offline',
  extension: '.html',
  async render(result) {
    const document = readable(result)
    const [{ chartsOf }, { draw }] = await Promise.all([
      import('../charts/index.ts'),
      import('../charts/draw.ts'),
    ])
    return written(document, await draw(chartsOf(document), 'page'))
  },
}

function written(document: ResultDocument, drawings: readonly Drawing[]): string {
  const warnings = warningLines(document)
  const parts = [
    header(document, warnings.length),
    ...betweenRunsTables(document).map(wordTable),
    section('Gates', list(gateLines(document))),
    phaseSection(document, 'capacity'),
    phaseSection(document, 'latency'),
    faults(document),
    section('Skipped', list(skippedLines(document))),
    ...balanceTables(document).map(wordTable),
    section('Charts', charts(drawings)),
    section('Bottlenecks', list(bottleneckLines(document))),
    ...[...withinRunTables(document), ...scalingTables(document)].map(wordTable),
    ...details(document, 'Latency percentiles', percentiles),
    ...details(document, 'Costs of each process', costs),
    section('Host and versions', list(host(document))),
    section('Reproduce this run', `<pre><code>${xml(reproduceCommand(document))}</code></pre>`),
    `<div id="warnings">${section('Warnings', list(warnings, 'warnings'))}</div>`,
  ]
  const body = parts.filter((part) => part !== '').join('\n')
  return page(`Load balancers: ${title(document)}`, body)
}

function header(document: ResultDocument, warnings: number): string {
  const note = warnings === 0 ? '' : ` <a href="#warnings">${plural(warnings, 'warning')}</a>.`
  return [
    `<header><h1>Load balancers: ${xml(title(document))}</h1>`,
    paragraph(summaryOf(document), 'lead'),
    `<p class="faint">Measured with ${xml(load(document))}, on ${xml(machine(document))}.${note}</p></header>`,
  ].join('\n')
}

function phaseSection(document: ResultDocument, phase: Phase): string {
  const rows = rowsOf(document, phase)
  if (rows.length === 0) return ''
  const name = heading(document, phase)
  return section(
    name,
    metricTable(name, rows, shown[phase]),
    `<div class="notes">${footnotes(document, phase).map(xml).join('<br>')}</div>`,
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
        ...cells([row.label, cores(row)]),
        ...all.map((column) => ({ text: column.cell(row), below: column.spread(row) })),
      ],
    })),
  )
}

const percentiles = ['latencyP50', 'latencyP90', 'latencyP99', 'latencyP999'] as const

const costs = [
  ...(['cpuPerRequest', 'driverCpuPerRequest', 'backendsCpuPerRequest'] as const),
  ...(['rssMean', 'rssPeak'] as const),
]

function details(document: ResultDocument, name: string, names: readonly MetricName[]): string[] {
  const tables = (['capacity', 'latency'] as const).flatMap((phase) => {
    const rows = rowsOf(document, phase)
    const about = heading(document, phase)
    return rows.length === 0
      ? []
      : [paragraph(about, 'faint'), metricTable(`${name}. ${about}`, rows, names)]
  })
  return [section(name, ...tables)]
}

function charts(drawings: readonly Drawing[]): string {
  return drawings.length === 0
    ? ''
    : `<div class="charts">\n${drawings.map(figure).join('\n')}\n</div>`
}

/** A table whose cells are words already, with its notes. */
function wordTable({ title: name, head, rows, notes }: TextTable): string {
  return section(
    name,
    table(
      name,
      cells(head),
      rows.map((row) => ({ cells: cells(row) })),
    ),
    `<div class="notes">${notes.map(xml).join('<br>')}</div>`,
  )
}

function faults(document: ResultDocument): string {
  const found = faultsTable(document)
  if (found === undefined) return ''
  return section(
    found.title,
    list(found.faults),
    table(
      found.title,
      found.head,
      found.rows.map((row) => ({ cells: row })),
    ),
    `<div class="notes">${found.notes.map(xml).join('<br>')}</div>`,
  )
}

function host(document: ResultDocument): string[] {
  const { host: found, lb, build, createdAt } = document
  const packages = Object.entries(found.packages).map(([name, version]) => `${name} ${version}`)
  return [
    machine(document),
    `kernel ${found.kernel}; ${packages.join(', ')}`,
    placementLine(document),
    ...(versions(document) === '' ? [] : [versions(document)]),
    `lb ${lb}, ${build}; measured ${createdAt}`,
  ]
}
