import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent } from '../../src/kit/units.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { HostCheck, MetricNoise, Selftest } from '../../src/result/selftest.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { hostCheckWords } from './host-check-wordings.ts'

/** The result of a selftest for a terminal: the host first, then the differences that it can resolve. */
export function selftestText(selftest: Selftest, options: RenderOptions): string {
  const on = terminal(options)
  const { fitness, noise, trials, invalidTrials, seed } = selftest
  const lines = [
    on.paint.strong('This host'),
    ...fitness.flatMap((check) => checkLines(check, on)),
    '',
    on.paint.strong('The reference balancer compared with itself'),
    ...noise.flatMap(noiseLines),
    ...(noise.length === 0 ? ['  Too few valid trials for one comparison.'] : []),
    `  ${trials} trials, ${invalidTrials} of them invalid; seed ${seed}.`,
    '',
    storedLine(selftest),
  ]
  return `${lines.map(on.paint.plain).join('\n')}\n`
}

const marks = { ok: '✓', warn: '!', bad: '✗', unknown: '?' } as const

function checkLines(check: HostCheck, { paint }: Terminal): string[] {
  const { state } = check
  const { name, found, advice } = hostCheckWords(check)
  const shade = { ok: paint.plain, warn: paint.careful, bad: paint.bad, unknown: paint.faint }[
    state
  ]
  return [
    `  ${shade(marks[state])} ${name}: ${found}`,
    ...(advice === '' ? [] : [`      ${paint.faint(advice)}`]),
  ]
}

function noiseLines(noise: MetricNoise): string[] {
  const { metric, comparisons, falseAlarms, maxFalseAlarms, floor, findable } = noise
  const power = Number.isFinite(findable)
    ? `a change of ${percent(findable)} is found 9 times in 10`
    : 'too few pairs to find any change reliably'
  return [
    `  ${metrics[metric].label}: noise floor ±${percent(floor)}; ${power}; ${falseAlarms} of ${comparisons} comparisons raised a false alarm (chance explains up to ${maxFalseAlarms})`,
  ]
}

const notStored: Readonly<Record<NonNullable<Selftest['notStored']>, string>> = {
  interrupted: 'the selftest was interrupted',
  'too few trials': 'too few valid trials for one comparison',
  'too many false alarms': 'more false alarms than chance explains',
}

function storedLine({ stored, notStored: why }: Selftest): string {
  return stored === undefined
    ? `Noise floor not saved${why === undefined ? '' : `: ${notStored[why]}`}.`
    : `Noise floor saved in ${stored}: later comparisons on this host ignore smaller differences.`
}
