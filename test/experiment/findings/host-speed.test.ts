import { describe, expect, test } from 'vitest'
import { hostSpeed, speedRange } from '../../../src/experiment/findings/host-speed.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { gaussian } from '../../stats/gaussian.ts'
import { measurement } from '../../support/results/measurements.ts'

const cost = { phase: 'capacity', metric: 'cpuPerRequest' } as const

/** A trial of an arm that costs so many µs a request, beside a yardstick that cost so many. */
function trialAt(name: string, block: number, { cpu, unit }: { cpu: number; unit?: number }) {
  const plain = measurement({ arm: name, block, ok: 1000, cpu: { target: cpu / 1000 } })
  if (unit === undefined) return plain
  const yardstick = [{ cpus: [0], count: 500, unitSeconds: unit / 1e6, cpuSeconds: 0.02 }]
  return { ...plain, host: { ...plain.host, yardstick } }
}

/** Blocks of a and b, b dearer by `factor`, on a host that is slower by another factor in each trial. */
function onUnsteadyHost(blocks: number, factor: number, seed = 1): Measurement[] {
  const normal = gaussian(seeded(seed))
  return Array.from({ length: blocks }, (_, block) =>
    (['a', 'b'] as const).map((name) => {
      const slow = 0.12 * normal()
      const cpu = (name === 'b' ? factor : 1) * 40 * Math.exp(1.2 * slow + 0.03 * normal())
      return trialAt(name, block, { cpu, unit: 45 * Math.exp(slow) })
    }),
  ).flat()
}

describe('values at one speed of the host', () => {
  test('a slow moment is taken out, by the slope that both arms share', () => {
    const speed = hostSpeed([onUnsteadyHost(20, 1)], cost)
    expect(speed.slope).toBeGreaterThan(1)
    expect(speed.slope).toBeLessThan(1.4)
    const slow = trialAt('a', 0, { cpu: 60, unit: 60 })
    expect(speed.level(slow)).toBeLessThan(1)
  })

  test('throughput is put right the other way', () => {
    const trials = Array.from({ length: 12 }, (_, block) => {
      const slow = 1 + 0.05 * (block % 4)
      const one = measurement({ arm: 'a', block, ok: Math.round(10_000 / slow) })
      const yardstick = [{ cpus: [0], count: 1, unitSeconds: slow, cpuSeconds: 0 }]
      return { ...one, host: { ...one.host, yardstick } }
    })
    expect(hostSpeed([trials], { ...cost, metric: 'throughput' }).slope).toBeCloseTo(-1, 1)
  })
})

describe('values stay as they were measured', () => {
  const untouched = (trials: readonly Measurement[], question = cost) =>
    expect(hostSpeed([trials], question).slope).toBe(0)

  test('without a yardstick', () => {
    untouched(onUnsteadyHost(20, 1).map((one) => ({ ...one, host: measurement().host })))
  })

  test('where one trial had none', () => {
    untouched([...onUnsteadyHost(20, 1), trialAt('a', 20, { cpu: 40 })])
  })

  test('where so few trials cannot tell the slope', () => untouched(onUnsteadyHost(3, 1)))

  test('where the host was of one speed', () => {
    untouched(
      Array.from({ length: 20 }, (_, block) =>
        trialAt('a', block, { cpu: 40 + (block % 3), unit: 45 }),
      ),
    )
  })

  test('where dearer trials had the cheaper yardstick: chance, not the host', () => {
    untouched(
      Array.from({ length: 20 }, (_, block) =>
        trialAt('a', block, { cpu: 40 + (block % 4), unit: 50 - (block % 4) }),
      ),
    )
  })
})

test('says how far apart the yardsticks of a run were', () => {
  const trials = [45, 90, 60].map((unit, block) => trialAt('a', block, { cpu: 40, unit }))
  expect(speedRange(trials)).toBeCloseTo(2, 12)
  expect(speedRange([measurement()])).toBeUndefined()
})
