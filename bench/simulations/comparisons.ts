import { pairSpeed, type TrialPair } from '../../src/experiment/findings/pair-speed.ts'
import { gaussian } from '../../src/kit/gaussian.ts'
import { seeded } from '../../src/kit/random.ts'
import { percent } from '../../src/kit/units.ts'
import type { Measurement } from '../../src/result/document.ts'
import { type Comparison, compare, type Pair } from '../../src/stats/tests/comparison.ts'
import { adjustFamily } from '../../src/stats/tests/family.ts'
import { findableEffect } from '../../src/stats/tests/findable-effect.ts'

/** Slope of the cost of a request over the cost of the yardstick, as measured on virtual machines. */
const slope = 1.2

const isAlarm = ({ outcome }: Comparison) => outcome === 'better' || outcome === 'worse'

/** One host and one number of pairs to simulate. */
interface Host {
  /** Standard deviation of the logarithm of the host's speed from trial to trial. */
  readonly unsteady: number
  /** Standard deviation of the logarithm of what else differs. */
  readonly rest: number
  readonly pairs: number
  /** Excess of the yardstick's cost beside one arm. */
  readonly touched: number
}

/** Coverage and false alarms of equal arms beside a yardstick, which one arm makes dearer. */
export function yardstickRows(runs: number, seed: number): string[][] {
  const hosts = [
    { unsteady: 0.12, rest: 0.03 },
    { unsteady: 0.03, rest: 0.03 },
    { unsteady: 0.012, rest: 0.02 },
  ]
  const all = hosts.flatMap((host) =>
    [10, 40].flatMap((pairs) =>
      [0, 0.02, 0.03, 0.04, 0.06].map((touched): Host => ({ ...host, pairs, touched })),
    ),
  )
  return all.map((host, i) => {
    const normal = gaussian(seeded(seed + i))
    const found = Array.from({ length: runs }, () => equalArms(host, normal))
    const share = (is: (one: (typeof found)[number]) => boolean) =>
      percent(found.filter(is).length / runs)
    return [
      percent(host.unsteady),
      `${host.pairs}`,
      percent(host.touched),
      share(({ low, high }) => low <= 1 && 1 <= high),
      share(({ alarm }) => alarm),
      share(({ corrected }) => corrected),
    ]
  })
}

function equalArms({ unsteady, rest, pairs, touched }: Host, normal: () => number) {
  const trial = (unit: number) =>
    ({
      trial: { phase: 'capacity' },
      host: { yardstick: [{ unitSeconds: unit }] },
      verdict: { bottleneck: 'target' },
    }) as unknown as Measurement
  const made = Array.from({ length: pairs }, (): TrialPair => {
    const [from, to] = [unsteady * normal(), unsteady * normal()]
    const cost = (speed: number) => Math.exp(slope * speed + rest * normal())
    return {
      values: [cost(from), cost(to)],
      trials: [trial(Math.exp(from)), trial(Math.exp(to) * (1 + touched))],
    }
  })
  const { covariate } = pairSpeed(made, { phase: 'capacity', metric: 'cpuPerRequest' })
  const values = made.map((one) => one.values)
  const found = compare(values, { better: 'less', margin: 0.03, covariate })
  const { low, high } = found.ratio
  return { low, high, alarm: isAlarm(found), corrected: covariate !== undefined }
}

/** Equal arms in families, and one arm of them that costs half as much again. */
export function familyRows(runs: number, seed: number): string[][] {
  const sizes = [
    [1, 6],
    [1, 8],
    [1, 10],
    [7, 8],
    [14, 8],
    [14, 10],
  ] as const
  return sizes.map(([size, blocks], i) => {
    const normal = gaussian(seeded(seed + i))
    const family = (factor: number) =>
      adjustFamily(
        Array.from({ length: size }, (_, arm) => {
          const ratio = arm === 0 ? factor : 1
          const pairs = Array.from(
            { length: blocks },
            (): Pair => [1, ratio * Math.exp(0.05 * normal())],
          )
          return compare(pairs, { better: 'less', margin: 0.03 })
        }),
      )
    const count = (is: () => boolean) =>
      percent(Array.from({ length: runs }, is).filter(Boolean).length / runs)
    return [
      `${size}`,
      `${blocks}`,
      count(() => family(1).some(isAlarm)),
      count(() => family(1.5)[0]?.outcome === 'worse'),
    ]
  })
}

/** How often the change that selftest calls findable is found by 8 pairs. */
export function powerRows(runs: number, seed: number): string[][] {
  const cases = [
    [0.01, 0.03],
    [0.05, 0.03],
    [0.05, 0.065],
    [0.1, 0.125],
  ] as const
  return cases.map(([spread, margin], i) => {
    const effect = findableEffect(8, { spread, margin })
    const normal = gaussian(seeded(seed + i))
    const found = Array.from({ length: runs }, () => {
      const pairs = Array.from(
        { length: 8 },
        (): Pair => [1, (1 + effect) * Math.exp(spread * normal())],
      )
      return compare(pairs, { better: 'less', margin }).outcome === 'worse'
    })
    const share = found.filter(Boolean).length / runs
    return [percent(spread), percent(margin), percent(effect), percent(share)]
  })
}
