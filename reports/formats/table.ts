import { wrap } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { terminalTable } from '../layout/terminal-table.ts'
import { armsTable } from '../sections/arms-table.ts'
import { balanceTables } from '../sections/balance.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { betweenRunsTables, withinRunTables } from '../sections/comparisons.ts'
import { gateLines } from '../sections/gates.ts'
import { hostSettingTables } from '../sections/host-settings.ts'
import { pasteLines } from '../sections/paste-lines.ts'
import { missingProfiles, profileTables } from '../sections/profile.ts'
import { load, machine, placementLine, title, versions } from '../sections/run-lines.ts'
import { scalingTables } from '../sections/scaling.ts'
import { storedOf } from '../sections/shown-again.ts'
import { skippedLines } from '../sections/skipped.ts'
import { slowLinesByArm } from '../sections/slow.ts'
import { stepTables } from '../sections/steps.ts'
import { summaryOf } from '../sections/summary.ts'
import { terminalFaults } from '../sections/terminal-faults.ts'
import { skippedKnobLines, tuneTables } from '../sections/tune.ts'
import { armThresholdLines, failedCheckLines, visitStepTables } from '../sections/visit-steps.ts'
import { warningLines } from '../sections/warnings.ts'
import { type PlainReport, readable } from './report.ts'
import { screen } from './screen.ts'

/** For a terminal: the answer on one screen; with `full` every figure, bottleneck and warning. */
export const table: PlainReport = {
  format: 'table',
  summary: 'for a terminal: the answer on one screen; with --full all figures and warnings',
  extension: '.txt',
  render(result, options) {
    const document = readable(result)
    const on = terminal(options)
    return options.full ? everything(document, on) : screen(document, on)
  },
}

function everything(document: ResultDocument, on: Terminal): string {
  const parts = [
    header(document, on),
    wrap(on.paint.plain(summaryOf(document)), on.options.width),
    ...tuneTables(document).map((one) => terminalTable(one, on)),
    ...betweenRunsTables(document).map((one) => terminalTable(one, on)),
    ...list('Gates', gateLines(document), on),
    ...list('Thresholds', armThresholdLines(document), on),
    ...armsTable(document, 'capacity', on),
    ...armsTable(document, 'latency', on),
    ...visitStepTables(document).map((one) => terminalTable(one, on)),
    ...list('Checks that failed', failedCheckLines(document), on),
    ...terminalFaults(document, on),
    ...list('Skipped', skippedLines(document), on),
    ...list('Knobs left out', skippedKnobLines(document.tune?.skipped ?? []), on),
    ...balanceTables(document).map((one) => terminalTable(one, on)),
    ...list('Bottlenecks', bottleneckLines(document), on),
    ...list('Slowest requests', slowLinesByArm(document), on),
    ...stepTables(document).map((one) => terminalTable(one, on)),
    ...[...withinRunTables(document), ...scalingTables(document)].map((one) =>
      terminalTable(one, on),
    ),
    ...(document.profiles ?? []).flatMap(profileTables).map((one) => terminalTable(one, on)),
    ...list('Profiles', (document.profiles ?? []).flatMap(missingProfiles), on),
    ...list('Warnings', warningLines(document), on),
    ...pasteParts(document, on),
    ...hostSettingTables(document).map((one) => terminalTable(one, on)),
    ...list('Saved', storedOf(on.options).files, on),
  ]
  return `${parts.join('\n\n')}\n`
}

function header(document: ResultDocument, { options, paint }: Terminal): string {
  const named = versions(document)
  const lines = [
    `${title(document)}: ${load(document)}`,
    machine(document),
    ...(named === '' ? [] : [named]),
    placementLine(document),
  ]
  const [first = '', ...rest] = lines.map((line) => wrap(paint.plain(line), options.width))
  return [paint.strong(first), ...rest.map((line) => paint.faint(line))].join('\n')
}

/** The configuration to paste: its lines as they are, without marks in front. */
function pasteParts(document: ResultDocument, { paint }: Terminal): string[] {
  const lines = pasteLines(document)
  return lines.length === 0
    ? []
    : [[paint.strong('Configuration of what helped'), ...lines.map(paint.plain)].join('\n')]
}

function list(name: string, items: readonly string[], { options, paint }: Terminal): string[] {
  if (items.length === 0) return []
  const mark = name === 'Warnings' ? paint.careful : paint.strong
  const lines = items.map(
    (item) => `  ${wrap(paint.plain(item), options.width && options.width - 2, 4)}`,
  )
  return [[mark(name), ...lines].join('\n')]
}
