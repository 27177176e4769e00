import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { HostCheck } from '../../src/result/host-check.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { MetricNoise, Selftest } from '../../src/result/selftest.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { hostAdvice } from './host-advice.ts'
import { notStoredWords, selftestScreen, stateMarks } from './selftest-screen.ts'

/** The result of a selftest for a terminal: on one screen, or with `full` every check and figure in words. */
export function selftestText(selftest: Selftest, options: RenderOptions): string {
  return options.full ? everything(selftest, options) : selftestScreen(selftest, options)
}

/** The host first, then the differences that it can resolve. */
function everything(selftest: Selftest, options: RenderOptions): string {
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
  ].map((line) => wrapped(on.paint.plain(line), options.width))
  return `${lines.join('\n')}\n`
}

/** A line within `width`; what does not fit continues below it, further in. */
function wrapped(line: string, width: number | undefined): string {
  const text = line.trimStart()
  const indent = line.length - text.length
  return `${' '.repeat(indent)}${wrap(text, width && width - indent, indent + 2)}`
}

function checkLines(check: HostCheck, { paint }: Terminal): string[] {
  const { state, title, found } = check
  const advice = hostAdvice(check)
  const shade = { ok: paint.plain, warn: paint.careful, bad: paint.bad, unknown: paint.faint }[
    state
  ]
  return [
    `  ${shade(stateMarks[state])} ${title}: ${found}`,
    ...(advice === undefined ? [] : [`      ${paint.faint(advice)}`]),
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

function storedLine({ stored, notStored: why }: Selftest): string {
  return stored === undefined
    ? `Noise floor not saved${why === undefined ? '' : `: ${notStoredWords[why]}`}.`
    : `Noise floor saved in ${stored}: later comparisons on this host ignore smaller differences.`
}
