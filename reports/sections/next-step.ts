import type { ResultDocument } from '../../src/result/document.ts'
import type { Reason } from '../../src/result/reason.ts'
import { causesOf } from './causes.ts'
import { shellLine, withFlag } from './command-line.ts'
import { baseName, comparisonsWithBase } from './comparisons.ts'
import { commandWords } from './run-lines.ts'

/** What to do next: a command, and what it is for. */
export interface NextStep {
  readonly command: string
  readonly purpose: string
}

/** The next step, computed from what the run lacked: trials, a quiet machine, a faster driver, a finer interval. */
export function nextStep(document: ResultDocument): NextStep {
  const { complete, findings } = document
  if (!complete) return again(document, [], 'measures all trials')
  if (!findings.some(({ validity }) => validity === 'valid')) {
    return {
      command: 'lb selftest',
      purpose: 'shows what disturbs this machine; then run it again',
    }
  }
  const isDisturbed = causesOf(document).some(
    ({ name, isSerious }) => isSerious && name === 'machine',
  )
  if (isDisturbed) {
    return {
      command: 'lb selftest',
      purpose: 'shows what disturbs this machine; then run it again',
    }
  }
  const changes = [...trialsNeeded(document), ...fasterDriver(document)]
  if (changes.length > 0) {
    return again(
      document,
      changes.map(({ flag }) => flag),
      changes.map(({ purpose }) => purpose).join('; '),
    )
  }
  return { command: 'lb report -o report.html', purpose: 'draws it' }
}

type Flag = readonly [name: string, value: string]

interface Change {
  readonly flag: Flag
  readonly purpose: string
}

function again(document: ResultDocument, flags: readonly Flag[], purpose: string): NextStep {
  const words = flags.reduce<string[]>(
    (command, [name, value]) => withFlag(command, name, value),
    commandWords(document),
  )
  return { command: shellLine(['lb', ...words]), purpose }
}

/** More trials, where comparisons had too few for any verdict. */
function trialsNeeded(document: ResultDocument): Change[] {
  const { plan, baseline } = document
  const comparisons =
    baseName(document) === undefined ? document.comparisons : comparisonsWithBase(document)
  const needed = Math.max(0, ...comparisons.flatMap(({ ratio }) => ratio.warnings.map(neededBy)))
  const isAtAll = comparisons.some(({ outcome }) => outcome === 'too few trials')
  if (!isAtAll || needed === 0) return []
  const trials = Math.max(needed, plan.blocks < needed ? needed : plan.blocks + 2)
  const time = timeWords(elapsedSeconds(document) * (trials / plan.blocks))
  const both = baseline === undefined ? '' : ' in both runs'
  return [
    {
      flag: ['--trials', String(trials)],
      purpose: `${trials} trials${both} can decide (about ${time})`,
    },
  ]
}

function neededBy(reason: Reason): number {
  switch (reason.code) {
    case 'too-few-pairs':
    case 'too-few-trials-per-side':
      return reason.values.needed
    default:
      return 0
  }
}

/** The faster driver, where autocannon limited a target. */
function fasterDriver(document: ResultDocument): Change[] {
  const { findings, driver, plan } = document
  const isLimited = findings.some(
    ({ isLowerBound, bottleneck, phase, arm }) =>
      isLowerBound && bottleneck === 'driver' && phase === 'capacity' && arm !== plan.control,
  )
  const isSlow = driver?.code !== 'driver-chosen' || driver.values.driver === 'autocannon'
  if (!isLimited || !isSlow || baseName(document) !== undefined) return []
  return [{ flag: ['--driver', 'lean'], purpose: 'lean saves driver CPU' }]
}

/** Seconds from the start of the run to the end of its last trial. */
export function elapsedSeconds({ createdAt, trials }: ResultDocument): number {
  const ends = trials.map(
    ({ startedAt, warmupSeconds, windowSeconds }) =>
      Date.parse(startedAt) / 1000 + warmupSeconds + windowSeconds,
  )
  return Math.max(0, Math.max(...ends, Number.NEGATIVE_INFINITY) - Date.parse(createdAt) / 1000)
}

/** `50 s`, `3 min`. */
function timeWords(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds / 10) * 10} s` : `${Math.ceil(seconds / 60)} min`
}
