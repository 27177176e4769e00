import { bounds } from '../../src/kit/bounds.ts'
import { shellLine, withFlag, withoutFlags } from '../../src/kit/command-line.ts'
import { plural } from '../../src/kit/plural.ts'
import { hiddenMark } from '../../src/kit/secrets.ts'
import type { StoredResult } from '../../src/kit/stored-result.ts'
import { percent } from '../../src/kit/units.ts'
import { commandWords } from '../../src/result/command-words.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { Reason } from '../../src/result/reason.ts'
import { causesOf } from './causes.ts'
import { baseName, comparisonsWithBase } from './comparisons.ts'
import { doctorCommand } from './doctor-command.ts'
import { pageCommand, storedOf } from './shown-again.ts'
import { undecidedKnobs } from './undecided-knobs.ts'

/** What to do next: a command, and what it is for. */
export interface NextStep {
  readonly command: string
  readonly purpose: string
}

/**
 * The next step, computed from what the run lacked: responses, trials, a quiet machine, a finer interval, a faster driver. Its command
 * works as it is: it has only flags that the command of the run has, and reads a result only where a file has it.
 */
export function nextStep(document: ResultDocument, stored: StoredResult = storedOf({})): NextStep {
  const { complete, findings } = document
  if (!complete) return again(document, { purposes: ['measures all trials'] })
  const examined = failedRun(document, stored)
  if (examined !== undefined) return examined
  const isDisturbed =
    !findings.some(({ validity }) => validity === 'valid') ||
    causesOf(document).some(({ name, isSerious }) => isSerious && name === 'machine')
  if (isDisturbed) {
    return {
      command: 'lb selftest',
      purpose: 'shows what disturbs this machine; then run it again',
    }
  }
  if (document.tune !== undefined) return moreOfKnobs(document) ?? shown(document, stored)
  const changes = [finer(document) ?? moreTrials(document), fasterDriver(document)].filter(
    (one) => one !== undefined,
  )
  if (changes.length > 0) {
    return again(document, {
      flags: changes.flatMap(({ flags }) => flags),
      without: changes.flatMap(({ without = [] }) => without),
      purposes: changes.map(({ purpose }) => purpose),
    })
  }
  return shown(document, stored)
}

/** Requests failed, as more than a few do by chance: the doctor names how, and what to try. It reads a file. */
function failedRun(document: ResultDocument, { shownBy }: StoredResult): NextStep | undefined {
  const hasFailures = causesOf(document).some(({ name }) => name === 'failures')
  const [command, file] = shownBy ?? []
  if (!hasFailures || document.plan.faults !== undefined || command !== 'report') return undefined
  return {
    command: doctorCommand(file),
    purpose: 'requests failed: it names how, with the evidence, and what to try',
  }
}

/** The knobs that are nearest to an answer alone, which then get more trials in the same time. */
function moreOfKnobs(document: ResultDocument): NextStep | undefined {
  const open = undecidedKnobs(document)
  if (open === undefined) return undefined
  const { arms, trials, count } = open
  const which = count === arms.length ? 'alone' : `the ${arms.length} nearest to an answer alone`
  return again(document, {
    flags: [
      ['--only', arms.join(',')],
      ['--trials', String(Math.min(bounds.trials, trials))],
    ],
    purposes: [`${plural(count, 'change')} without an answer: ${which}, with more trials each`],
  })
}

/** A run that lacked nothing: draw it, or what else its file allows. */
function shown(document: ResultDocument, stored: StoredResult): NextStep {
  const page = pageCommand(stored)
  if (page !== undefined) return { command: page, purpose: 'a page with charts' }
  if (stored.shownBy !== undefined) {
    return { command: shellLine(['lb', ...stored.shownBy, '--full']), purpose: 'has all figures' }
  }
  return again(document, {
    flags: [['-o', 'result.json']],
    purposes: ['stores the result, which lb report and lb compare read'],
  })
}

type Flag = readonly [name: string, value: string]

interface Change {
  readonly flags: readonly Flag[]
  /** Flags that would undo it. */
  readonly without?: readonly string[]
  readonly purpose: string
}

interface Again {
  readonly flags?: readonly Flag[]
  readonly without?: readonly string[]
  readonly purposes: readonly string[]
}

/** The command of the run once more, with other flags. */
function again(document: ResultDocument, { flags = [], without = [], purposes }: Again): NextStep {
  const words = flags.reduce<string[]>(
    (command, [name, value]) => withFlag(command, name, value),
    withoutFlags(commandWords(document), { valued: without }),
  )
  // The folder of artifacts has those of this run.
  const force = words[0] === 'ci' ? ['--force'] : []
  const isHidden = words.some((word) => word.includes(hiddenMark))
  return {
    command: shellLine(['lb', ...words, ...force]),
    purpose: [...purposes, ...(isHidden ? [`replace ${hiddenMark} with its value`] : [])].join(
      '; ',
    ),
  }
}

/** The narrower interval that the answer of the run offers, once it has one: more than any number of trials, it can be planned for. */
function finer(document: ResultDocument): Change | undefined {
  const { answer, command } = document
  if (answer?.claim === undefined || answer.finer === undefined) return undefined
  if (command[0] !== 'bench' || baseName(document) !== undefined) return undefined
  const { precision, seconds } = answer.finer
  const share = Number((100 * precision).toPrecision(3))
  return {
    flags: [['--precision', `${share}%`]],
    // Both would end the run before its intervals are that narrow.
    without: ['--trials', '--max-time'],
    purpose: `for ±${percent(precision).replace(/\.0 %$/, ' %')} (about ${timeWords(seconds)})`,
  }
}

/** More trials, where comparisons had too few for any verdict. */
function moreTrials(document: ResultDocument): Change | undefined {
  const { plan, baseline, command } = document
  const comparisons =
    baseName(document) === undefined ? document.comparisons : comparisonsWithBase(document)
  const needed = Math.max(0, ...comparisons.flatMap(({ ratio }) => ratio.warnings.map(neededBy)))
  const isAtAll = comparisons.some(({ outcome }) => outcome === 'too few trials')
  if (!isAtAll || needed === 0) return undefined
  const trials = Math.min(bounds.trials, plan.blocks < needed ? needed : plan.blocks + 2)
  const seconds = elapsedSeconds(document) * (trials / plan.blocks)
  const both = baseline === undefined ? '' : ' in both runs'
  const purpose = `${trials} trials${both} can decide (about ${timeWords(seconds)})`
  const flags: Flag[] = [['--trials', String(trials)]]
  // The tables have a maximum time of their own, which a flag raises.
  if (command[0] === 'reproduce') {
    return { flags: [...flags, ['--max-time', `${Math.ceil(seconds / 30)}m`]], purpose }
  }
  return { flags, without: ['--max-time'], purpose }
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
function fasterDriver(document: ResultDocument): Change | undefined {
  const { findings, driver, plan, command } = document
  if (command[0] !== 'bench' || baseName(document) !== undefined) return undefined
  const isLimited = findings.some(
    ({ isLowerBound, bottleneck, phase, arm }) =>
      isLowerBound && bottleneck === 'driver' && phase === 'capacity' && arm !== plan.control,
  )
  const isSlow = driver?.code !== 'driver-chosen' || driver.values.driver === 'autocannon'
  if (!isLimited || !isSlow) return undefined
  return { flags: [['--driver', 'lean']], purpose: 'lean saves driver CPU' }
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
