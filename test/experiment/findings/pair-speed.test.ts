import { describe, expect, test } from 'vitest'
import { comparisons } from '../../../src/experiment/findings/comparisons.ts'
import { pairsOf } from '../../../src/experiment/findings/pairs.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { compare } from '../../../src/stats/tests/comparison.ts'
import { gaussian } from '../../stats/gaussian.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const cost = { phase: 'capacity', metric: 'cpuPerRequest' } as const
const less = { better: 'less', margin: 0.03 } as const
const [a, b] = [arm('a'), arm('b')]

interface Host {
  readonly blocks: number
  /** CPU per request of b, as a multiple of that of a. */
  readonly dearer?: number
  /** Cost of the yardstick beside b, as a multiple of that beside a. */
  readonly touched?: number
  /** Standard deviation of the logarithm of the host's speed from trial to trial. */
  readonly unsteady?: number
  readonly seed?: number
  /** Bottleneck of the trials of b. */
  readonly limitOfB?: 'target' | 'driver'
}

/** Blocks of a and b beside a yardstick, whose cost follows the speed of the host. */
function trialsOn(host: Host): Measurement[] {
  const { blocks, dearer = 1, touched = 1, unsteady = 0.012, seed = 1, limitOfB = 'target' } = host
  const normal = gaussian(seeded(seed))
  return Array.from({ length: blocks }, (_, block) =>
    (['a', 'b'] as const).map((name) => {
      const slow = unsteady * normal()
      const [factor, touch] = name === 'b' ? [dearer, touched] : [1, 1]
      const cpu = factor * 40 * Math.exp(1.2 * slow + 0.002 * normal())
      const plain = measurement({
        arm: name,
        block,
        ok: 1000,
        cpu: { target: cpu / 1000 },
        verdict: { bottleneck: name === 'b' ? limitOfB : 'target' },
      })
      const unitSeconds = (45 * touch * Math.exp(slow)) / 1e6
      const yardstick = [{ cpus: [0], count: 500, unitSeconds, cpuSeconds: 0.02 }]
      return { ...plain, host: { ...plain.host, yardstick } }
    }),
  ).flat()
}

const found = (trials: readonly Measurement[], other = b) =>
  pairsOf(trials, { base: a, other }, cost)
const codes = (trials: readonly Measurement[]) => found(trials).warnings.map(({ code }) => code)

describe('yardsticks that are shown to be equal', () => {
  test('take the speed of the host out of the ratio, whatever an arm costs', () => {
    const trials = trialsOn({ blocks: 40, dearer: 2 })
    const { pairs, covariate, warnings } = found(trials)
    expect(warnings).toEqual([])
    const corrected = compare(pairs, { ...less, covariate })
    const measured = compare(pairs, less)
    expect(corrected.method).toBe('covariance')
    expect(corrected.ratio.low).toBeLessThan(2)
    expect(corrected.ratio.high).toBeGreaterThan(2)
    const width = ({ ratio }: typeof corrected) => Math.log(ratio.high / ratio.low)
    expect(width(corrected)).toBeLessThan(width(measured) / 2)
  })

  test('the ratio as measured stands beside it', () => {
    const [throughput, cpu] = comparisons(planOf([a, b]), trialsOn({ blocks: 40 }), {
      margin: () => 0.03,
      cpus: 2,
    })
    expect(throughput?.uncorrectedRatio).toBeUndefined()
    expect(cpu?.uncorrectedRatio?.n).toBe(40)
  })

  test('the corrected interval holds the truth as often as its level', () => {
    const runs = 200
    const held = Array.from({ length: runs }, (_, i) => {
      const { pairs, covariate } = found(trialsOn({ blocks: 40, dearer: 1.05, seed: i + 1 }))
      const { low, high } = compare(pairs, { ...less, covariate }).ratio
      return low <= 1.05 && 1.05 <= high
    }).filter(Boolean).length
    // 95 of 100, give or take three standard deviations of 1.5.
    expect(held / runs).toBeGreaterThanOrEqual(0.905)
  })
})

describe('ratios stay as measured', () => {
  test('where the yardstick costs more beside one arm: it would make equal arms differ', () => {
    for (const touched of [1.02, 1.03, 1.04, 1.06]) {
      const trials = trialsOn({ blocks: 40, touched })
      expect(found(trials).covariate).toBeUndefined()
      expect(codes(trials)).toEqual(['yardstick-not-equal'])
      const [, cpu] = comparisons(planOf([a, b]), trials, { margin: () => 0.03, cpus: 2 })
      expect(cpu?.outcome).toBe('same')
      expect(cpu?.ratio.warnings.map(({ code }) => code)).toEqual(['yardstick-not-equal'])
    }
  })

  test('where the host is so unsteady that a touch of the yardstick could not be seen', () => {
    const trials = trialsOn({ blocks: 10, unsteady: 0.12 })
    expect(found(trials).covariate).toBeUndefined()
    const [warning] = found(trials).warnings
    expect(warning).toMatchObject({ code: 'yardstick-not-equal' })
  })

  test('where one arm left its CPUs idle', () => {
    expect(codes(trialsOn({ blocks: 40, limitOfB: 'driver' }))).toEqual(['yardstick-one-arm-idle'])
  })

  test('without a yardstick, and where one trial had none', () => {
    const trials = trialsOn({ blocks: 40 })
    const bare = (one: Measurement) => ({ ...one, host: measurement().host })
    for (const some of [trials.map(bare), trials.with(3, bare(trials[3] as Measurement))]) {
      expect(found(some)).toMatchObject({ warnings: [] })
      expect(found(some).covariate).toBeUndefined()
    }
  })

  test('with so few blocks that the slope is not known', () => {
    expect(found(trialsOn({ blocks: 7 })).covariate).toBeUndefined()
  })

  test('between two targets: beside another program the yardstick itself may differ', () => {
    const trials = trialsOn({ blocks: 40 })
    expect(found(trials, { ...b, target: 'nginx' })).toMatchObject({ warnings: [] })
    expect(found(trials, { ...b, target: 'nginx' }).covariate).toBeUndefined()
  })

  test('where drift is shared by the two arms of each block, pairing has removed it already', () => {
    const normal = gaussian(seeded(9))
    let drift = 0
    const trials = Array.from({ length: 24 }, (_, block) => {
      drift = 0.99 * drift + 0.05 * normal()
      return (['a', 'b'] as const).map((name) => {
        const plain = measurement({
          arm: name,
          block,
          cpu: { target: 0.04 * Math.exp(1.2 * drift + 0.02 * normal()) },
        })
        const unitSeconds = 45e-6 * Math.exp(drift + 0.06 * normal())
        const yardstick = [{ cpus: [0], count: 500, unitSeconds, cpuSeconds: 0.02 }]
        return { ...plain, host: { ...plain.host, yardstick } }
      })
    }).flat()
    const { pairs, covariate } = found(trials)
    const width = (one: ReturnType<typeof compare>) => Math.log(one.ratio.high / one.ratio.low)
    const measured = width(compare(pairs, less))
    expect(width(compare(pairs, { ...less, covariate }))).toBeLessThanOrEqual(1.05 * measured)
  })
})
