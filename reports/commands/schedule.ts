import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { Schedule } from '../../src/result/schedule.ts'
import { minPairs } from '../../src/stats/tests/comparison.ts'
import { terminal } from '../layout/terminal.ts'
import { faultWords, letter } from '../sections/faults.ts'
import { skippedName } from '../sections/skipped.ts'

/** The trials of a plan in the order in which they would run, one line per block, and the time that they take. */
export function scheduleText(
  { plan, time, comparisons }: Schedule,
  options: RenderOptions,
): string {
  const { paint } = terminal(options)
  const { scenario, seed, trials, stop, skipped } = plan
  const blocks = [...Map.groupBy(trials, ({ phase, block }) => `${phase} ${block + 1}`)]
  const allowed = stop?.maxSeconds
  const lines = [
    paint.strong(
      `Scenario ${scenario}, seed ${seed}: ${plural(trials.length, 'trial')}, ${totalTime(time)}`,
    ),
    `Each trial: ${warmUp(plan)}, then ${plan.duration} s measured.`,
    ...blocks.map(([name, block]) => `  ${name}: ${block.map(trialName).join(', ')}`),
    ...(skipped ?? []).map((arm) => `  skipped: ${skippedName(arm)}, ${arm.reason}`),
    ...(plan.faults ?? []).map((fault, i) => `  fault ${letter(i)}, ${faultWords(fault)}`),
    ...comparisonLine(plan.blocks, comparisons),
    ...(stop?.precision === undefined
      ? []
      : [
          `A phase ends after at least ${stop.least} blocks, once its intervals are narrow enough.`,
        ]),
    ...(allowed === undefined
      ? []
      : [`A phase ends early when it would take longer than ${allowed} s.`]),
    ...(allowed !== undefined && time.least > allowed
      ? [
          paint.bad(
            `That is too short: the minimum number of blocks takes about ${Math.ceil(time.least)} s.`,
          ),
        ]
      : []),
  ]
  return `${lines.map(paint.plain).join('\n')}\n`
}

/** How many comparisons share one error level, and whether these trials can decide them. */
function comparisonLine(blocks: number, comparisons: number): string[] {
  if (comparisons === 0) return []
  const needed = minPairs(0.95)
  const size = comparisons === 1 ? '' : ', at 95 % for all together (Holm’s method)'
  return [
    blocks < needed
      ? `${plural(comparisons, 'comparison')} of each metric: --trials ${needed} or more can decide.`
      : `${plural(comparisons, 'comparison')} of each metric with ${blocks} pairs${size}.`,
  ]
}

/** The arm, and the driver where it is the witness: `nginx round-robin ×1 (wrk)`. */
function trialName({ arm, witness }: Schedule['plan']['trials'][number]): string {
  return witness === undefined ? arm : `${arm} (${witness})`
}

function warmUp({ warmup: { least, most } }: Schedule['plan']): string {
  if (least === most) return `${least} s of warm-up`
  return `${least} to ${most} s of warm-up, until throughput is steady`
}

/** How long a run takes: `about 12 to 20 s`. */
export function totalTime({ least, most }: Schedule['time']): string {
  const [from, to] = [Math.round(least), Math.round(most)]
  return from === to ? `about ${from} s` : `${from} to ${to} s`
}
