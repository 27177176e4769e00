import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { HostCheck } from '../../src/result/host-check.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { MetricNoise, Selftest } from '../../src/result/selftest.ts'
import { aligned, type Cell } from '../layout/aligned.ts'
import { fact } from '../layout/fact.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { hostAdvice } from './host-advice.ts'

/** The sign of a check. */
export const stateMarks = { ok: '✓', warn: '!', bad: '✗', unknown: '?' } as const

/** Why a noise floor was not stored. */
export const notStoredWords: Readonly<Record<NonNullable<Selftest['notStored']>, string>> = {
  interrupted: 'the selftest was interrupted',
  'too few trials': 'too few valid trials for one comparison',
  'too many false alarms': 'more false alarms than chance explains',
}

/** Columns beyond which prose is hard to read. */
const widestProse = 100

/** A selftest on one screen: which changes the host can tell apart, the noise of each metric, and the checks that did not pass. */
export function selftestScreen(selftest: Selftest, options: RenderOptions): string {
  const width = Math.min(options.width ?? 80, widestProse)
  const on = terminal({ ...options, width })
  const { noise, trials, invalidTrials, seed } = selftest
  const parts = [
    answer(selftest, on),
    ...(noise.length === 0 ? [] : [noiseTable(noise, on)]),
    [
      ...fact('Host', hostLines(selftest.fitness), on),
      ...fact('Trials', [`${trials}, ${invalidTrials} of them invalid; seed ${seed}`], on),
      ...fact('Next', [nextLine(selftest)], on),
      ...fact('Details', ['lb selftest --full prints every check in words'], on),
      ...fact(selftest.stored === undefined ? 'Not saved' : 'Saved', [savedLine(selftest)], on),
    ].join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

function answer(selftest: Selftest, { options, paint }: Terminal): string {
  const { noise, fitness, stored } = selftest
  const [main] = noise
  const isBad = fitness.some(({ state }) => state === 'bad')
  const tone =
    main === undefined || stored === undefined ? paint.bad : isBad ? paint.careful : paint.good
  return wrap(paint.plain(answerWords(main)), options.width)
    .split('\n')
    .map((line) => paint.strong(tone(line)))
    .join('\n')
}

function answerWords(main: MetricNoise | undefined): string {
  if (main === undefined) return 'No comparison was possible: too few valid trials.'
  const { label } = metrics[main.metric]
  if (!main.trustworthy) {
    return `Comparisons on this host are not reliable: equal balancers differed in ${label} in ${main.falseAlarms} of ${main.comparisons} comparisons.`
  }
  return Number.isFinite(main.findable)
    ? `A comparison on this host finds a change of ${percent(main.findable)} in ${label} 9 times in 10.`
    : `Too few pairs to find any change in ${label} reliably.`
}

const heads = ['', 'noise floor', 'found 9 times in 10', 'false alarms']

function noiseTable(noise: readonly MetricNoise[], { options, paint }: Terminal): string {
  const { plain, strong, faint, bad } = paint
  const rows = noise.map(
    ({ metric, floor, findable, falseAlarms, comparisons, trustworthy }): Cell[] => [
      { text: plain(metrics[metric].label) },
      { text: plain(`±${percent(floor)}`) },
      { text: plain(Number.isFinite(findable) ? percent(findable) : '–') },
      {
        text: plain(`${falseAlarms} of ${comparisons}`),
        paint: trustworthy ? undefined : bad,
      },
    ],
  )
  const head = heads.map((text): Cell => ({ text: plain(text), paint: strong }))
  const explained = Math.max(...noise.map(({ maxFalseAlarms }) => maxFalseAlarms))
  const note = `The reference balancer compared with itself, so every difference is noise. Chance explains up to ${explained} false alarms.`
  return [
    ...aligned([head, ...rows], ['left', 'right', 'right', 'right']),
    faint(wrap(plain(note), options.width, 2)),
  ].join('\n')
}

/** The checks that did not pass, with what to do; the others by name. */
function hostLines(fitness: readonly HostCheck[]): string[] {
  const open = fitness.filter(({ state }) => state === 'bad' || state === 'warn')
  const listed = (state: HostCheck['state'], words: string) => {
    const names = fitness.filter((one) => one.state === state).map(({ title }) => title)
    return names.length === 0 ? [] : [`${stateMarks[state]} ${names.join(', ')}${words}`]
  }
  return [
    ...open.map(
      (check) =>
        `${stateMarks[check.state]} ${check.title}: ${check.found} → ${hostAdvice(check) ?? ''}`,
    ),
    ...listed('ok', ''),
    ...listed('unknown', ': not readable'),
  ]
}

function nextLine({ stored, fitness }: Selftest): string {
  if (stored !== undefined) return 'lb bench  # reports no difference below the noise floor'
  return fitness.some(({ state }) => state === 'bad')
    ? 'lb selftest  # again, after the advice above'
    : 'lb selftest  # again, on a quiet machine'
}

function savedLine({ stored, notStored }: Selftest): string {
  if (stored !== undefined) return stored
  return notStored === undefined
    ? 'the noise floor'
    : `the noise floor: ${notStoredWords[notStored]}`
}
