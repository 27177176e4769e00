import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { Schedule } from '../../src/result/schedule.ts'
import { screen } from '../layout/screen.ts'
import { faultWords, letter } from '../sections/faults.ts'
import { plural, skippedName } from '../sections/words.ts'

/** What a plan would do, in the order in which it would, and how long that takes: a line a block. */
export function scheduleText({ plan, time }: Schedule, look: RenderOptions): string {
  const { paint } = screen(look)
  const { scenario, seed, trials, stop, skipped } = plan
  const blocks = [...Map.groupBy(trials, ({ phase, block }) => `${phase} ${block + 1}`)]
  const allowed = stop?.maxSeconds
  const lines = [
    paint.strong(
      `Scenario ${scenario}, seed ${seed}: ${plural(trials.length, 'trial')}, ${length(time)}`,
    ),
    `Each trial: ${warmUp(plan)}, then ${plan.duration} s that are measured.`,
    ...blocks.map(([name, block]) => `  ${name}: ${block.map(({ arm }) => arm).join(', ')}`),
    ...(skipped ?? []).map((arm) => `  skipped: ${skippedName(arm)}, ${arm.reason}`),
    ...(plan.faults ?? []).map((fault, i) => `  fault ${letter(i)}, ${faultWords(fault)}`),
    ...(stop?.precision === undefined
      ? []
      : [`Ends a phase after ${stop.least} blocks or more, once its intervals are narrow enough.`]),
    ...(allowed === undefined ? [] : [`Ends a phase early rather than take over ${allowed} s.`]),
    ...(allowed !== undefined && time.least > allowed
      ? [paint.bad(`It does not fit: the fewest blocks take about ${Math.ceil(time.least)} s.`)]
      : []),
  ]
  return `${lines.map(paint.plain).join('\n')}\n`
}

function warmUp({ warmup: { least, most } }: Schedule['plan']): string {
  if (least === most) return `${least} s of warm-up`
  return `warm-up for at least ${least} s and until throughput is steady, at most ${most} s`
}

function length({ least, most }: Schedule['time']): string {
  const [from, to] = [Math.round(least), Math.round(most)]
  return from === to ? `about ${from} s` : `${from} to ${to} s`
}
