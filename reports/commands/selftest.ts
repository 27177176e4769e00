import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent } from '../../src/kit/units.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { HostCheck, MetricNoise, Selftest } from '../../src/result/selftest.ts'
import { type Screen, screen } from '../layout/screen.ts'

/** What a selftest found, as text for people: the host first, then what it can tell apart. */
export function selftestText(found: Selftest, look: RenderOptions): string {
  const on = screen(look)
  const lines = [
    on.paint.strong('This host'),
    ...found.fitness.flatMap((check) => checkLines(check, on)),
    '',
    on.paint.strong('The reference balancer against itself'),
    ...found.noise.flatMap(noiseLines),
    ...(found.noise.length === 0 ? ['  Too few valid trials for one comparison.'] : []),
    `  ${found.trials} trials, ${found.invalidTrials} of them invalid.`,
    '',
    found.stored === undefined
      ? 'Nothing was kept: the test was cut short, or there were more false alarms than chance explains.'
      : `Kept in ${found.stored}: later comparisons on this host call no smaller difference one.`,
  ]
  return `${lines.map(on.paint.plain).join('\n')}\n`
}

const marks = { ok: '✓', warn: '!', bad: '✗', unknown: '?' } as const

function checkLines({ name, state, found, advice }: HostCheck, { paint }: Screen): string[] {
  const shade = { ok: paint.plain, warn: paint.careful, bad: paint.bad, unknown: paint.faint }[
    state
  ]
  return [
    `  ${shade(marks[state])} ${name}: ${found}`,
    ...(advice === '' ? [] : [`      ${paint.faint(advice)}`]),
  ]
}

function noiseLines(noise: MetricNoise): string[] {
  const { metric, comparisons, falseAlarms, mostAllowed, floor, findable } = noise
  const finds = Number.isFinite(findable)
    ? `a change of ${percent(findable)} is found 9 times in 10`
    : 'so few pairs find no change for certain'
  return [
    `  ${metrics[metric].label}: noise floor ±${percent(floor)}; ${finds}; ${falseAlarms} of ${comparisons} comparisons raised a false alarm (up to ${mostAllowed} are chance)`,
  ]
}
