import { percent } from '../../../src/kit/units.ts'
import { metrics } from '../../../src/result/metrics.ts'
import type { ReasonValues } from '../../../src/result/reason.ts'
import type { estimateReasons } from '../../../src/result/reasons/estimate-reasons.ts'
import { counts, factors, first, range, rates, shares, type Wordings } from './wording.ts'

/** Wordings of the warnings about an estimate, and of the reasons for its absence. */
export const estimateWordings: Wordings<keyof typeof estimateReasons> = {
  'witness-agrees': (all) =>
    `${first(all).witness} agrees with ${first(all).driver}: ${timesDriver(all)} its throughput`,
  disputed: (all) => `disputed: ${bothRates(all)}, ${timesDriver(all)}; both figures stand`,
  'witness-undecided': (all) =>
    `${bothRates(all)}: ${
      first(all).cause === 'few-trials'
        ? 'too few blocks to tell them apart; --trials 6 or more'
        : 'the lower figure is a lower bound, so that the higher one does not dispute it'
    }`,
  'witness-failed': (all) => `${first(all).witness} has no valid trial beside ${first(all).driver}`,
  'trials-discarded': (all) => {
    const discarded = all.reduce((sum, one) => sum + one.discarded, 0)
    const trials = all.reduce((sum, one) => sum + one.trials, 0)
    return `${discarded} of ${trials} trials ${discarded === 1 ? 'was' : 'were'} discarded`
  },
  'too-few-requests': (all) =>
    `${metrics[first(all).metric].label} is not shown: it needs ${counts(first(all).needed, first(all).needed)} requests, and there were ${range(all, (one) => one.requests, counts)}`,
  'percentile-failed': (all) =>
    `${metrics[first(all).metric].label} is not shown: in ${range(all, (one) => one.failedTrials, counts)} of ${range(all, (one) => one.trials, counts)} trials it lies among the requests that failed`,
  'too-few-trials': (all) =>
    `${range(all, (one) => one.trials, counts)} ${all.every(({ trials }) => trials === 1) ? 'trial is' : 'trials are'} too few for an interval`,
  'percentile-uneven': () =>
    'a few trials dominate the percentile of all requests, which lies outside the interval of a typical trial',
  'too-few-pairs': (all) =>
    `${range(all, (one) => one.pairs, counts)} pairs measured; a verdict at ${percent(first(all).confidence)} needs ${first(all).needed}: --trials ${first(all).needed}`,
  'too-few-trials-per-side': (all) =>
    `${range(all, (one) => one.base, counts)} and ${range(all, (one) => one.head, counts)} trials measured; a verdict at ${percent(first(all).confidence)} needs ${first(all).needed} on each side: --trials ${first(all).needed}`,
  'yardstick-not-equal': (all) =>
    `not corrected for the speed of the host: the cost of the reference load beside the two arms differed by ${range(all, (one) => Math.abs(one.center - 1), shares)} (95 % interval within ${range(all, furthest, shares)}), which is not shown to be less than half of δ`,
  'yardstick-one-arm-idle': () =>
    'not corrected for the speed of the host: one of the two arms left its CPUs idle',
  'no-upper-bound': () => 'the interval has no upper bound',
  superlinear: (all) => {
    const { from, to } = first(all)
    const between = from === undefined || to === undefined ? '' : ` from ${from} to ${to} cores`
    const names = (['sigma', 'kappa'] as const)
      .filter((name) => all.some((one) => one[name] !== undefined))
      .map((name) => `${name} ${range(all, (one) => one[name], factors)}`)
    return `throughput grows faster than the cores${between} (unbounded fit: ${names.join(', ')}): usually warm-up, CPU frequency, caches or the driver`
  },
  'fit-exact': () => '3 core counts determine the curve and give no error estimate',
  'fit-provisional': () =>
    'fewer than 6 core counts: the fit is provisional and must not be extrapolated',
  'fit-on-bound': (all) =>
    `${first(all).parameter} is at its limit of ${first(all).bound}: its interval is one-sided`,
  'cores-beyond-host': (all) =>
    `${first(all).cores.join(', ')} cores exceed this host: those rows enter neither fit nor efficiency`,
  'too-few-core-counts': (all) =>
    `no scaling fit: it needs ${first(all).needed} core counts whose bottleneck was the target, and there ${first(all).coreCounts === 1 ? 'is' : 'are'} ${first(all).coreCounts}`,
}

/** `lean measured 25,000 req/s, and wrk 31,000 req/s`. */
function bothRates(
  all: readonly Pick<
    ReasonValues<'witness-undecided'>,
    'driver' | 'witness' | 'rate' | 'witnessRate'
  >[],
): string {
  const { driver, witness } = first(all)
  const own = range(all, (one) => one.rate, rates)
  return `${driver} measured ${own}, and ${witness} ${range(all, (one) => one.witnessRate, rates)}`
}

/** `1.02 × (0.98 to 1.05)`; of several arms the range, and the outermost ends of their intervals. */
function timesDriver(all: readonly Pick<ReasonValues<'disputed'>, 'ratio' | 'low' | 'high'>[]) {
  const low = Math.min(...all.map((one) => one.low))
  const high = Math.max(...all.map((one) => one.high))
  const [center, from, to] = [
    range(all, (one) => one.ratio, ratios),
    low.toFixed(2),
    high.toFixed(2),
  ]
  return `${center} × (${from} to ${to})`
}

/** `1.02`, `1.02 to 1.06`. */
function ratios(low: number, high: number): string {
  const [from, to] = [low.toFixed(2), high.toFixed(2)]
  return from === to ? to : `${from} to ${to}`
}

/** The end of an interval of a ratio that is further from 1, as a fraction. */
function furthest({ low, high }: { readonly low: number; readonly high: number }): number {
  return Math.max(high - 1, 1 - low)
}
