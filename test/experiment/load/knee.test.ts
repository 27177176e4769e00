import { describe, expect, test } from 'vitest'
import { holdStages, judgeKnee, kneeOfRamps } from '../../../src/experiment/load/knee/judge-knee.ts'
import { throughputCurve } from '../../../src/experiment/load/knee/throughput-curve.ts'
import { seeded } from '../../../src/kit/random.ts'
import { type SimulatedServer, simulate } from './simulated-server.ts'

/** The procedure on a simulated server: ramps to 1,000/s and back in so many seconds each, then five holds. */
function kneeOf(server: SimulatedServer, rampSeconds: number, seed: number) {
  const random = seeded(seed)
  const stages = rampStages(1000, rampSeconds)
  const ramps = { stages, samples: simulate(stages, server, random) }
  const knee = kneeOfRamps(ramps)
  if (knee === undefined) return judgeKnee(ramps, undefined)
  const around = holdStages(knee, 10)
  return judgeKnee(ramps, { stages: around, samples: simulate(around, server, random) })
}

/** Stages that ramp up to a rate and down again. */
function rampStages(rate: number, seconds: number) {
  return [
    { name: 'up', seconds, model: 'open', from: 0, to: rate },
    { name: 'down', seconds, model: 'open', from: rate, to: 0 },
  ] as const
}

/** One request at a time, 2 ms each: 500/s. */
const fixed: SimulatedServer = { service: () => 0.002, maxWaiting: 1000 }

describe('a server of 500/s', () => {
  test.for([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('the knee is within 3 %, seed %d', (seed) => {
    const { outcome, ramp, steady } = kneeOf(fixed, 60, seed)
    expect(outcome).toBe('found')
    expect(Math.abs((ramp?.rate as number) / 500 - 1)).toBeLessThan(0.03)
    expect(Math.abs((steady?.rate as number) / 500 - 1)).toBeLessThan(0.03)
    expect(steady?.low).toBeLessThanOrEqual(500)
    expect(steady?.high).toBeGreaterThanOrEqual(500)
  })

  test('the ramp down recovers at a lower rate: the hysteresis is the queue', () => {
    const { ramp, hysteresis } = kneeOf(fixed, 60, 1)
    // 1,000 requests wait when the ramp down reaches 500/s; it falls by 16.7/s each second: (1000 · 2 · 16.7)^½ = 183.
    expect(hysteresis).toBeGreaterThan(120)
    expect(hysteresis).toBeLessThan(240)
    expect(ramp?.recoveredAt).toBeCloseTo((ramp?.rate as number) - (hysteresis as number), 9)
  })
})

test('throughput that falls under overload has its knee where it begins to fall', () => {
  const congested: SimulatedServer = {
    service: (waiting) => (waiting > 20 ? 0.003 : 0.002),
    maxWaiting: 200,
  }
  const { ramp, steady } = kneeOf(congested, 60, 5)
  expect(ramp?.slope).toBeLessThan(0.1)
  expect(steady?.low).toBeGreaterThan(320)
  expect(steady?.high).toBeLessThan(620)
})

describe('a ramp that is too fast says so', () => {
  test('where responses take a second, a ramp of 5 s is behind its plan before the server is full', () => {
    const slow: SimulatedServer = { ...fixed, delay: 1 }
    expect(kneeOf(slow, 5, 1).outcome).toBe('ramp-too-fast')
    expect(kneeOf(slow, 240, 1).outcome).toBe('found')
  })

  test.for([0.3, 0.8, 1, 1.1])('where it has too few samples, as one of %d s', (seconds) => {
    for (const seed of [1, 2, 3]) {
      const found = kneeOf(fixed, seconds, seed)
      expect(found).toEqual({ outcome: 'ramp-too-fast' })
      // A server that follows the plan shows that in a short time.
      expect(kneeOf({ service: () => 0.0002 }, seconds, seed)).toEqual({ outcome: 'not-reached' })
    }
  })

  test('where a server is faster at first, the holds show less than the ramp', () => {
    let served = 0
    const burst: SimulatedServer = {
      service: () => (served++ < 3000 ? 0.00125 : 0.002),
      maxWaiting: 500,
    }
    const { outcome, ramp, steady } = kneeOf(burst, 5, 3)
    expect(outcome).toBe('ramp-too-fast')
    expect(ramp?.rate).toBeGreaterThan(600)
    expect(steady?.rate).toBeLessThan(550)
  })
})

test('a server that follows the plan to the end has no knee', () => {
  expect(kneeOf({ service: () => 0.0005 }, 30, 1)).toEqual({ outcome: 'not-reached' })
})

test('visits that were dropped are not followed', () => {
  const server = { service: () => 0.002, maxWaiting: 100 }
  const dropped = (stages: Parameters<typeof simulate>[0], seed: number) =>
    simulate(stages, server, seeded(seed)).map((one) => {
      const { refused = 0 } = one.failed
      return { ...one, sent: one.sent - refused, failed: { 'not-sent-in-flight': refused } }
    })
  const stages = rampStages(1000, 60)
  const ramps = { stages, samples: dropped(stages, 1) }
  const around = holdStages(kneeOfRamps(ramps) as number, 10)
  const { outcome, steady } = judgeKnee(ramps, { stages: around, samples: dropped(around, 2) })
  expect(outcome).toBe('found')
  expect(steady?.holds.map(({ follows }) => follows).slice(-2)).toEqual([false, false])
})

test('intervals of different lengths count by their length', () => {
  const stages = rampStages(1000, 60)
  // Every other sample comes 90 ms late, with what the next would have had.
  const late = (all: ReturnType<typeof simulate>) =>
    all.map((one) => (one.atMs % 200 === 0 ? one : { ...one, atMs: one.atMs + 90 }))
  const ramps = { stages, samples: late(simulate(stages, fixed, seeded(8))) }
  const around = holdStages(kneeOfRamps(ramps) as number, 10)
  const samples = late(simulate(around, fixed, seeded(9)))
  const { steady } = judgeKnee(ramps, { stages: around, samples })
  expect((steady?.rate as number) / 500).toBeCloseTo(1, 1)
  for (const { achieved } of steady?.holds ?? []) expect(achieved).toBeLessThan(515)
})

test('samples of two stages that are a millisecond apart are of one interval', () => {
  const stages = rampStages(1000, 2)
  const plain = simulate(stages, fixed, seeded(3))
  // The coordinator of several drivers has the time of the last driver that had such a sample, for each stage.
  const apart = plain.map((one) => (one.stage === 1 ? { ...one, atMs: one.atMs + 0.4 } : one))
  const curve = (samples: typeof plain) => throughputCurve(samples, { stages, perVisit: 1 })
  expect(curve(apart)).toHaveLength(curve(plain).length)
  for (const { seconds, achieved } of curve(apart)) {
    expect(seconds).toBeGreaterThanOrEqual(0.05)
    expect(achieved).toBeLessThan(650)
  }
  const ended = (samples: typeof plain) => curve(samples).reduce((sum, one) => sum + one.ended, 0)
  expect(ended(apart)).toBe(ended(plain))
})

test('the knee counts visits: with two requests a visit it is at half of the requests', () => {
  const stages = rampStages(500, 60)
  const visits = simulate(stages, { service: () => 0.004, maxWaiting: 500 }, seeded(4))
  const samples = visits.map(({ ok, failed, ...rest }) => ({
    ...{ ...rest, ok: 2 * ok },
    failed: Object.fromEntries(Object.entries(failed).map(([kind, n]) => [kind, 2 * n])),
  }))
  expect((kneeOfRamps({ stages, samples }) as number) / 250).toBeCloseTo(1, 1)
  expect(judgeKnee({ stages, samples }, undefined).ramp?.rate).toBeGreaterThan(450)
})
