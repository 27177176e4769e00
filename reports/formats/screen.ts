import { plural } from '../../src/kit/plural.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { Gate, ResultDocument } from '../../src/result/document.ts'
import { clock } from '../layout/clock.ts'
import { fact } from '../layout/fact.ts'
import { rightAligned } from '../layout/right-aligned.ts'
import type { Terminal } from '../layout/terminal.ts'
import { terminalTable } from '../layout/terminal-table.ts'
import { finerSentence } from '../sections/claim-sentences.ts'
import { baseName } from '../sections/comparisons.ts'
import { connectionParts } from '../sections/connection-line.ts'
import { engineOfRun } from '../sections/engine-lines.ts'
import { gateReasons } from '../sections/gates.ts'
import { elapsedSeconds, nextStep } from '../sections/next-step.ts'
import { pasteLines } from '../sections/paste-lines.ts'
import { profileLines } from '../sections/profile.ts'
import { title } from '../sections/run-lines.ts'
import { answerOf } from '../sections/screen/answer.ts'
import { closing } from '../sections/screen/closing.ts'
import { comparedTable } from '../sections/screen/compared.ts'
import { figuresTable } from '../sections/screen/figures.ts'
import {
  atMost,
  balanceLines,
  decidedLines,
  limitLines,
  mostWarnings,
} from '../sections/screen/limits.ts'
import { subject } from '../sections/screen/subject.ts'
import { storedOf } from '../sections/shown-again.ts'
import { skippedLines } from '../sections/skipped.ts'
import { slowLines } from '../sections/slow.ts'
import { stepTables } from '../sections/steps.ts'
import { terminalFaults } from '../sections/terminal-faults.ts'
import { skippedKnobLines, tuneTables } from '../sections/tune.ts'
import { failedCheckLines, openThresholdLines, visitFigureTables } from '../sections/visit-steps.ts'

/** Columns beyond which prose is hard to read. */
const widestProse = 100

/**
 * A run on one screen: the answer, one table of what people ask for, what limited it, how far it can be trusted, and
 * what to do next. Everything beyond that is in the full table.
 */
export function screen(document: ResultDocument, terminal: Terminal): string {
  const on = narrowed(terminal)
  const hasFaults = document.plan.faults !== undefined
  const isCompared = baseName(document) !== undefined
  const parts = [
    head(document, on),
    answer(document, on),
    ...comparedTable(document, on),
    ...tuneTables(document).map((one) => terminalTable(one, on)),
    ...(hasFaults
      ? terminalFaults(document, on, { brief: true })
      : isCompared || document.tune !== undefined
        ? []
        : figuresTable(document, on)),
    ...visitFigureTables(document).map((one) => terminalTable(one, on)),
    ...stepTables(document).map((one) => terminalTable(one, on)),
    pasteLines(document).map(on.paint.plain).join('\n'),
    facts(document, on),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function narrowed({ options, paint }: Terminal): Terminal {
  return { paint, options: { ...options, width: Math.min(options.width ?? 80, widestProse) } }
}

function head(document: ResultDocument, { options, paint }: Terminal): string {
  const [command = 'bench'] = document.command
  const width = options.width ?? 80
  const spent = clock(elapsedSeconds(document))
  const room = width - spent.length - 2
  const [first = '', ...items] = subject(document)
  const start = `lb ${command}  ${title(document)}: ${first}`
  // As many of the items as one line has room for.
  const text = items.reduce(
    (line, item) => (line.length + item.length + 2 <= room ? `${line}, ${item}` : line),
    start,
  )
  const [line = '', ...rest] = wrap(paint.plain(text), room, 2).split('\n')
  return [rightAligned(line, spent, width), ...rest].map(paint.strong).join('\n')
}

function answer(document: ResultDocument, { options, paint }: Terminal): string {
  const { sentences, tone } = answerOf(document)
  const { finer } = document.answer ?? {}
  const offered = nextStep(document, storedOf(options)).command.includes('--precision')
  // Where "Next" has the whole command, the sentence would say it twice.
  const twice = finer === undefined || !offered ? undefined : finerSentence(finer)
  const shown = sentences.filter((sentence) => sentence !== twice)
  return wrap(paint.plain(shown.join(' ')), options.width)
    .split('\n')
    .map((line) => paint.strong(paint[tone](line)))
    .join('\n')
}

/** The lines below the figures, each with a name in front; the last has the files of the result. */
function facts(document: ResultDocument, on: Terminal): string {
  const isCompared = baseName(document) !== undefined
  return [
    ...fact('Gate', atMost(gateLines(document.gates), mostWarnings), on),
    ...fact('Threshold', atMost(openThresholdLines(document), mostWarnings), on),
    ...fact('Failed', atMost(failedCheckLines(document), mostWarnings), on),
    ...(isCompared ? [] : fact('Limited by', limitLines(document), on)),
    ...(isCompared || document.tune ? [] : fact('Compared', decidedLines(document), on)),
    ...(isCompared ? [] : fact('Balance', balanceLines(document), on)),
    ...fact('Profile', (document.profiles ?? []).flatMap(profileLines), on),
    ...fact('Slowest', isCompared ? [] : slowLines(document), on),
    ...fact('Nodes', engineOfRun(document), on),
    ...fact('Connected', connectionParts(document).slice(0, 1 + mostWarnings), on),
    ...fact('Skipped', atMost(skippedLines(document)), on),
    ...fact('Left out', skippedKnobLines(document.tune?.skipped ?? []), on),
    ...closing(document, on),
  ].join('\n')
}

/** Gates that did not pass, and how many did. */
function gateLines(gates: readonly Gate[]): string[] {
  const open = gates.filter(({ state }) => state !== 'pass')
  const passed = gates.length - open.length
  return [
    ...open.map((gate) => `${gate.state}: ${gate.rule}, ${gate.arm}: ${gateReasons(gate)}`),
    ...(passed > 0 && open.length > 0 ? [`pass: ${plural(passed, 'other check')}`] : []),
  ]
}
