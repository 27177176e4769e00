import { gaussian } from '../../src/kit/gaussian.ts'
import { seeded } from '../../src/kit/random.ts'
import { percent } from '../../src/kit/units.ts'
import { settledBy, steadiness } from '../../src/stats/series/steady.ts'

/** Throughput over a series, as a multiple of its end; `share` runs from 0 to 1. */
const shapes: Readonly<Record<string, (share: number) => number>> = {
  stationary: () => 1,
  'rises by 20 %': (share) => 0.8 + 0.2 * share,
  'falls by 20 %': (share) => 1.2 - 0.2 * share,
  'one half lower by 20 %': (share) => (share < 0.5 ? 0.8 : 1),
  'approaches from 20 % below, τ = half': (share) => 1 - 0.2 * Math.exp(-2 * share),
}

/** Fraction of series called steady, by the warm-up alone and behind a warm-up of a second; noise of 5 %. */
export function steadinessRows(runs: number, seed: number): string[][] {
  return Object.entries(shapes).flatMap(([name, shape]) =>
    [10, 15, 20, 30].map((n) => {
      const normal = gaussian(seeded(seed + n))
      const series = Array.from({ length: runs }, () =>
        Array.from({ length: n }, (_, i) => 1000 * (shape(i / (n - 1)) + 0.05 * normal())),
      )
      const share = (is: (bins: number[]) => boolean) => percent(series.filter(is).length / runs)
      return [
        name,
        `${n}`,
        share((bins) => steadiness(bins).steady),
        share((bins) => settledBy([...Array<number>(10).fill(900), ...bins], 10)),
      ]
    }),
  )
}
