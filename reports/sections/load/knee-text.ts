import { rounded } from '../../../src/kit/units.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'

type Knee = NonNullable<LoadResult['knee']>

/** What the knee of a target is, as a sentence. */
export function kneeSentence({ outcome, ramp, steady }: Knee): string {
  switch (outcome) {
    case 'found':
      return `Knee at ${intervalText(steady)}; that of the ramp, ${rounded(ramp?.rate ?? 0)}/s, agrees.`
    case 'ramp-too-fast':
      return ramp === undefined
        ? 'The ramp was too fast: throughput stayed below the plan, and it has too few samples to show from which rate on.'
        : `The ramp was too fast: it shows a knee at ${rounded(ramp.rate)}/s ± ${rounded(2 * ramp.error)}, the holds at ${intervalText(steady)}.`
    case 'not-reached':
      return 'No knee: throughput followed the plan to the highest rate.'
    default:
      return 'No knee: nothing was measured at the rates that were held.'
  }
}

function intervalText(steady: Knee['steady']): string {
  if (steady === undefined) return 'no rate'
  const { rate, low, high } = steady
  if (high === undefined) return `${rounded(low)}/s or more`
  return `${rounded(rate)}/s (${rounded(low)} to ${rounded(high)})`
}

/** Lines about the knee: each rate that was held, and the hysteresis. */
export function kneeLines({ ramp, steady, hysteresis }: Knee): string[] {
  return [
    ...(steady?.holds ?? []).map(
      ({ offered, achieved, follows }) =>
        `${rounded(offered)}/s held: ${rounded(achieved)}/s served, ${follows ? 'followed' : 'not followed'}`,
    ),
    ...(hysteresis === undefined || ramp?.recoveredAt === undefined
      ? []
      : [
          `hysteresis ${rounded(hysteresis)}/s: the ramp down had recovered at ${rounded(ramp.recoveredAt)}/s`,
        ]),
  ]
}
