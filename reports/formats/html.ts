import { plural } from '../../src/kit/plural.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { Topic } from '../charts/chart.ts'
import { type Part, page } from '../layout/html-page.ts'
import { folded, list, notes, paragraph, section } from '../layout/html-parts.ts'
import { xml } from '../layout/xml.ts'
import { balanceTables } from '../sections/balance.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { baseName, betweenRunsTables, withinRunTables } from '../sections/comparisons.ts'
import { gateLines } from '../sections/gates.ts'
import { hostSettingTables } from '../sections/host-settings.ts'
import { pasteLines } from '../sections/paste-lines.ts'
import { missingProfiles, profileTables } from '../sections/profile.ts'
import { machine, placementLine, reproduceCommand, title, versions } from '../sections/run-lines.ts'
import { scalingTables } from '../sections/scaling.ts'
import { skippedLines } from '../sections/skipped.ts'
import { slowLinesByArm } from '../sections/slow.ts'
import { stepTables } from '../sections/steps.ts'
import { skippedKnobLines, tuneTables } from '../sections/tune.ts'
import { armThresholdLines, failedCheckLines, visitStepTables } from '../sections/visit-steps.ts'
import { warningLines } from '../sections/warnings.ts'
import { drawFigures } from './page/draw-figures.ts'
import { type Figure, figures } from './page/figure.ts'
import { answer, hero } from './page/hero.ts'
import { faultsSection, foldedTable, furtherTables, phaseTable, wordTable } from './page/tables.ts'
import { type Report, readable } from './report.ts'

/** A page: the same contents as markdown, with interactive charts. */
export const html: Report = {
  format: 'html',
  summary: 'one page with charts, works offline',
  extension: '.html',
  async render(result) {
    const document = readable(result)
    return written(document, await drawFigures(document))
  },
}

function written(document: ResultDocument, all: readonly Figure[]): string {
  const { heading } = answer(document)
  const hasBase = baseName(document) !== undefined
  const first = all.find(({ chart }) => isFirst(document, chart.topic))
  const of = (topic: Topic, place?: 'across') =>
    figures(
      all.filter((one) => one !== first && one.chart.topic === topic),
      place,
    )
  const parts: Part[] = [
    { id: 'result', name: 'Result', markup: hero(document, first) },
    part('knobs', 'Knobs', ...knobs(document)),
    part('faults', 'Faults', of('faults', 'across'), faultsSection(document)),
    part(
      'visits',
      'Visits',
      section('Thresholds', list(armThresholdLines(document))),
      ...visitStepTables(document).map(wordTable),
      section('Checks that failed', list(failedCheckLines(document))),
    ),
    part('throughput', 'Throughput', of('result', 'across')),
    part(
      'changes',
      'Changes',
      hasBase ? of('changes', 'across') : '',
      ...betweenRunsTables(document).map(wordTable),
      section('Gates', list(gateLines(document))),
    ),
    part(
      'latency',
      'Latency',
      of('latency'),
      section('Slowest requests', list(slowLinesByArm(document))),
      ...stepTables(document).map(wordTable),
    ),
    part('cost', 'Cost', of('cost')),
    part('balance', 'Balance', ...balance(document, of('balance'))),
    part('comparison', 'Comparison', hasBase ? '' : of('changes', 'across')),
    part(
      'figures',
      'Figures',
      phaseTable(document, 'capacity'),
      phaseTable(document, 'latency'),
      ...[...withinRunTables(document), ...scalingTables(document)].map(foldedTable),
      furtherTables(document, 'Latency percentiles', percentiles),
      furtherTables(document, 'Costs of each process', costs),
    ),
    part(
      'profile',
      'Profile',
      ...(document.profiles ?? []).flatMap(profileTables).map(wordTable),
      section('Not profiled', list((document.profiles ?? []).flatMap(missingProfiles))),
    ),
    part(
      'trust',
      'Trust',
      warnings(warningLines(document)),
      section('Skipped', list(skippedLines(document))),
      section('Bottlenecks', list(bottleneckLines(document))),
      section('Host and versions', list(host(document))),
      section('Reproduce this run', `<pre><code>${xml(reproduceCommand(document))}</code></pre>`),
      `<div class="fold">${folded('Over time', of('trust'))}</div>`,
    ),
  ]
  return page(`lb ${title(document)}`, `${heading} · lb ${document.plan.scenario}`, parts)
}

/** Whether a chart of this topic is the one of the first screen. */
function isFirst(document: ResultDocument, topic: Topic): boolean {
  if (document.plan.faults !== undefined) return topic === 'faults'
  if (baseName(document) !== undefined) return topic === 'changes'
  return topic === 'result' || topic === 'latency'
}

function part(id: string, name: string, ...markup: readonly string[]): Part {
  const inside = markup.filter((one) => one !== '' && one !== '<div class="fold"></div>')
  return {
    ...{ id, name },
    markup: inside.length === 0 ? '' : [`<h2>${xml(name)}</h2>`, ...inside].join('\n'),
  }
}

/** A chart only where a share is not the ideal one; the tables behind a line that opens them. */
function balance(document: ResultDocument, charts: string): string[] {
  const tables = balanceTables(document)
  const even = charts === '' && tables.length > 0
  return [
    even ? paragraph('Every backend got the share of the requests that it should.') : charts,
    ...tables.map(foldedTable),
  ]
}

/** The knobs with their answers, and the configuration to paste. */
function knobs(document: ResultDocument): string[] {
  if (document.tune === undefined) return []
  return [
    ...tuneTables(document).map(wordTable),
    section('Left out', list(skippedKnobLines(document.tune.skipped))),
    section(
      'Configuration of what helped',
      `<pre><code>${xml(pasteLines(document).join('\n'))}</code></pre>`,
    ),
    ...hostSettingTables(document).map(wordTable),
  ]
}

const percentiles = ['latencyP50', 'latencyP90', 'latencyP99', 'latencyP999'] as const

const costs = [
  ...(['cpuPerRequest', 'driverCpuPerRequest', 'backendsCpuPerRequest'] as const),
  ...(['rssMean', 'rssPeak'] as const),
]

/** Reasons to doubt a figure: counted, and behind a line that opens them. */
function warnings(lines: readonly string[]): string {
  if (lines.length === 0) return notes(['No warnings.'])
  return `<div class="fold" id="warnings">${folded(plural(lines.length, 'warning'), list(lines, 'warnings'))}</div>`
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
