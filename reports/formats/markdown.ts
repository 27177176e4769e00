import { UsageError } from '../../src/kit/errors.ts'
import type { Picture } from '../../src/kit/render-options.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { bullets, escaped, fenced, folded, markdownTable } from '../layout/markdown-parts.ts'
import type { TextTable } from '../layout/text-table.ts'
import { balanceTables } from '../sections/balance.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { columns } from '../sections/columns.ts'
import { betweenRunsTables, withinRunTables } from '../sections/comparisons.ts'
import { faultsTable } from '../sections/faults.ts'
import { footnotes, heading, shown } from '../sections/footnotes.ts'
import { gateLines } from '../sections/gates.ts'
import { hostSettingTables } from '../sections/host-settings.ts'
import { pasteLines } from '../sections/paste-lines.ts'
import { profileTables } from '../sections/profile.ts'
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
import { scalingChart } from '../sections/scaling-mermaid.ts'
import { answerOf } from '../sections/screen/answer.ts'
import { shortTable } from '../sections/screen/short-table.ts'
import { skippedLines } from '../sections/skipped.ts'
import { slowLinesByArm } from '../sections/slow.ts'
import { stepTables } from '../sections/steps.ts'
import { summaryOf } from '../sections/summary.ts'
import { timelines } from '../sections/timeline.ts'
import { skippedKnobLines, tuneTables } from '../sections/tune.ts'
import { armThresholdLines, failedCheckLines, visitStepTables } from '../sections/visit-steps.ts'
import { warningLines } from '../sections/warnings.ts'
import { type PlainReport, readable } from './report.ts'

/** A part of the report; optional parts are left out from the lowest rank up. */
interface Part {
  readonly name: string
  readonly text: string
  /** Undefined: always there. */
  readonly rank?: number
  /** Whether it is read without unfolding anything. */
  readonly isOpen?: boolean
}

/** For a pull request, a page or a mail: the answer in a line, three rows, and everything else folded. */
export const markdown: PlainReport = {
  format: 'markdown',
  summary: 'for pull requests and pages: the answer, three rows, the rest folded',
  extension: '.md',
  render(result, { maxBytes = Number.POSITIVE_INFINITY, pictures = [] }) {
    const document = readable(result)
    const parts = partsOf(document, pictures).filter(({ text }) => text !== '')
    const gone: Part[] = []
    let text = joined(parts, gone)
    while (Buffer.byteLength(text) > maxBytes) {
      const next = leastOf(parts.filter((part) => !gone.includes(part)))
      if (next === undefined) throw tooShort(maxBytes, text)
      gone.push(next)
      text = joined(parts, gone)
    }
    return text
  },
}

function partsOf(document: ResultDocument, pictures: readonly Picture[]): Part[] {
  return [
    { name: 'title', isOpen: true, text: `## Load balancers: ${escaped(title(document))}` },
    { name: 'answer', isOpen: true, text: answerLine(document) },
    {
      name: 'short table',
      isOpen: true,
      text: document.tune === undefined ? shortTableText(document) : tuneText(document),
    },
    { name: 'summary', text: escaped(summaryOf(document)) },
    { name: 'comparison with the base', text: wordTables(betweenRunsTables(document)) },
    { name: 'gates', text: section('Gates', gateLines(document)) },
    { name: 'thresholds', text: section('Thresholds', armThresholdLines(document)) },
    { name: 'load', text: `Measured with ${escaped(load(document))}.` },
    { name: 'capacity', text: phaseTable(document, 'capacity') },
    { name: 'latency', text: phaseTable(document, 'latency') },
    { name: 'steps of visits', rank: 6, text: wordTables(visitStepTables(document)) },
    {
      name: 'failed checks',
      rank: 6,
      text: section('Checks that failed', failedCheckLines(document)),
    },
    { name: 'faults', text: faults(document) },
    { name: 'timelines under faults', rank: 7, text: faultTimelines(document) },
    { name: 'skipped', text: section('Skipped', skippedLines(document)) },
    { name: 'balance', rank: 4, text: wordTables(balanceTables(document)) },
    { name: 'bottlenecks', rank: 5, text: limits(document) },
    {
      name: 'slowest requests',
      rank: 4,
      text: section('Slowest requests', slowLinesByArm(document)),
    },
    { name: 'steps', rank: 4, text: wordTables(stepTables(document)) },
    { name: 'comparisons', rank: 6, text: wordTables(withinRunTables(document)) },
    {
      name: 'profiles',
      rank: 3,
      text: wordTables((document.profiles ?? []).flatMap(profileTables)),
    },
    { name: 'scaling', rank: 4, text: wordTables(scalingTables(document)) },
    { name: 'chart', rank: 3, text: charts(document) },
    { name: 'pictures', rank: 3, text: shownPictures(pictures) },
    { name: 'latency percentiles', rank: 2, text: percentiles(document) },
    { name: 'costs of each process', rank: 1, text: costs(document) },
    { name: 'host settings', rank: 1, text: wordTables(hostSettingTables(document)) },
    { name: 'host', rank: 0, text: host(document) },
    { name: 'command', text: `Reproduce this run:\n\n${fenced('sh', reproduceCommand(document))}` },
    { name: 'warnings', text: section('Warnings', warningLines(document)) },
  ]
}

function joined(parts: readonly Part[], gone: readonly Part[]): string {
  const kept = parts.filter((part) => !gone.includes(part))
  const open = kept.filter(({ isOpen }) => isOpen).map(({ text }) => text)
  const rest = kept.filter(({ isOpen }) => !isOpen).map(({ text }) => text)
  const names = parts.filter((part) => gone.includes(part)).map(({ name }) => name)
  const note = names.length === 0 ? [] : [`*Left out to fit --max-bytes: ${names.join(', ')}.*`]
  return `${[...open, folded('All figures, bottlenecks and warnings', rest.join('\n\n')), ...note].join('\n\n')}\n`
}

const signs = { good: '✅', careful: '⚠️', bad: '❌' } as const

/** The answer with a sign that is seen before it is read. */
function answerLine(document: ResultDocument): string {
  const { sentences, tone } = answerOf(document)
  return `${signs[tone]} ${escaped(sentences.join(' '))}`
}

/** The knobs with their answers, and the configuration to paste. */
function tuneText(document: ResultDocument): string {
  return [
    wordTables(tuneTables(document)),
    ...skippedKnobLines(document.tune?.skipped ?? []).map((line) => escaped(`Left out: ${line}`)),
    `Configuration of what helped:\n\n${fenced('', pasteLines(document).join('\n'))}`,
  ].join('\n\n')
}

function shortTableText(document: ResultDocument): string {
  const found = shortTable(document)
  if (found === undefined) return ''
  return markdownTable(
    found.head,
    found.rows.map((row) => row.map(escaped)),
  )
}

function leastOf(parts: readonly Part[]): Part | undefined {
  return parts
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))[0]
}

function tooShort(maxBytes: number, text: string): UsageError {
  return new UsageError(
    `a report of ${maxBytes} bytes has no room for the warnings and figures`,
    `give it --max-bytes ${Buffer.byteLength(text)} or more`,
  )
}

function phaseTable(document: ResultDocument, phase: Phase): string {
  const rows = rowsOf(document, phase)
  if (rows.length === 0) return ''
  return [
    `### ${heading(document, phase)}`,
    metricTable(rows, shown[phase]),
    footnotes(document, phase).map(escaped).join('<br>\n'),
  ].join('\n\n')
}

function metricTable(rows: readonly Row[], names: readonly MetricName[]): string {
  const all = columns(names, rows)
  return markdownTable(
    [
      'algorithm',
      'cores',
      ...all.map(({ heading: name, unit }) => (unit ? `${name} (${unit})` : name)),
    ],
    rows.map((row) => [
      escaped(row.label),
      cores(row),
      ...all.map((column) => `${column.cell(row)} ${column.spread(row)}`.trim()),
    ]),
  )
}

function section(name: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `### ${name}\n\n${bullets(items)}`
}

function limits(document: ResultDocument): string {
  return section('Bottlenecks', bottleneckLines(document))
}

function faults(document: ResultDocument): string {
  const found = faultsTable(document)
  if (found === undefined) return ''
  return [
    `### ${escaped(found.title)}`,
    bullets(found.faults),
    markdownTable(
      found.head.map(({ text, below }) => (below ? `${text} (${below})` : text)),
      found.rows.map((row) =>
        row.map(({ text, below }) => escaped(below ? `${text} (${below})` : text)),
      ),
    ),
    found.notes.map(escaped).join('<br>\n'),
  ].join('\n\n')
}

function faultTimelines(document: ResultDocument): string {
  const { timelines: found, notes } = timelines(document)
  if (found.length === 0) return ''
  const drawn = found.map(({ name, lines }) => [name, ...lines].join('\n')).join('\n\n')
  return [fenced('', drawn), notes.map(escaped).join('<br>\n')].join('\n\n')
}

function wordTables(tables: readonly TextTable[]): string {
  return tables.map(wordTable).join('\n\n')
}

function wordTable({ title: name, head, rows, notes }: TextTable): string {
  const cells = rows.map((row) => row.map(escaped))
  const below = notes.map(escaped).join('<br>\n')
  return [`### ${escaped(name)}`, markdownTable(head, cells), below]
    .filter((part) => part !== '')
    .join('\n\n')
}

function charts(document: ResultDocument): string {
  return document.curves
    .flatMap((curve) => scalingChart(document, curve) ?? [])
    .map((chart) => fenced('mermaid', chart))
    .join('\n\n')
}

function shownPictures(pictures: readonly Picture[]): string {
  return pictures.map(({ title: name, url }) => `![${escaped(name)}](${url})`).join('\n')
}

function percentiles(document: ResultDocument): string {
  const names = ['latencyP50', 'latencyP90', 'latencyP99', 'latencyP999'] as const
  return detail(document, 'Latency percentiles', names)
}

function costs(document: ResultDocument): string {
  const names = [
    ...(['cpuPerRequest', 'driverCpuPerRequest', 'backendsCpuPerRequest'] as const),
    ...(['rssMean', 'rssPeak'] as const),
  ]
  return detail(document, 'Costs of each process', names)
}

function detail(document: ResultDocument, name: string, names: readonly MetricName[]): string {
  const tables = (['capacity', 'latency'] as const).flatMap((phase) => {
    const rows = rowsOf(document, phase)
    return rows.length === 0 ? [] : [`${heading(document, phase)}\n\n${metricTable(rows, names)}`]
  })
  return tables.length === 0 ? '' : folded(name, tables.join('\n\n'))
}

function host(document: ResultDocument): string {
  const { host: found, lb, build, createdAt } = document
  const packages = Object.entries(found.packages).map(([name, version]) => `${name} ${version}`)
  return folded(
    'Host and versions',
    bullets([
      machine(document),
      `kernel ${found.kernel}; ${packages.join(', ')}`,
      placementLine(document),
      ...(versions(document) === '' ? [] : [versions(document)]),
      `lb ${lb}, ${build}; measured ${createdAt}`,
    ]),
  )
}
