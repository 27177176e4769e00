import { expect, test } from 'vitest'
import { finerRun } from '../../../src/experiment/run/finer-run.ts'
import { hostLack } from '../../../src/experiment/run/host-lack.ts'
import { pairsNeeded } from '../../../src/stats/estimates/precision.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const plan = planOf([arm('a'), arm('b')])

/** Blocks of two trials that start four seconds apart, whose ratios are these. */
function run(ratios: readonly number[]) {
  return ratios.flatMap((ratio, block) =>
    ['a', 'b'].map((name, i) =>
      measurement({
        ...{ arm: name, block, ok: name === 'a' ? 10_000 : Math.round(10_000 * ratio) },
        latencies: [1000],
        also: { startedAt: new Date(4000 * (2 * block + i)).toISOString() },
      }),
    ),
  )
}

const noisy = [1.1, 0.95, 1.04, 0.92, 1.07, 0.97]

test('the next precision takes the blocks that the spread requires, at the time of a block', () => {
  const logs = noisy.map(Math.log)
  const mean = logs.reduce((a, b) => a + b) / 6
  const spread = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5)
  // The interval of this run is about ± 7.6 %, so 5 % is the next step that is worth its time.
  const { expected } = pairsNeeded(spread, { n: 6, precision: 0.05 })
  const found = finerRun(plan, run(noisy))
  expect(found?.precision).toBe(0.05)
  expect(found?.seconds).toBeCloseTo(8 * expected, 0)
})

test('nothing is offered that takes more blocks than a run may have, or that is not known', () => {
  expect(finerRun(plan, run(noisy.map((ratio) => ratio ** 40)))).toBeUndefined()
  expect(finerRun(plan, run(noisy.slice(0, 2)))).toBeUndefined()
  expect(
    finerRun(planOf(plan.arms, { phases: ['capacity', 'latency'] }), run(noisy)),
  ).toBeUndefined()
})

test('a host with one CPU, and one whose CPUs other programs use, are said to lack something', () => {
  const beside = (foreignSeconds: number) =>
    measurement({
      also: { host: { stealSeconds: 0, foreignSeconds, throttledSeconds: 0, swappedPages: 0 } },
    })
  expect(hostLack({ cpusAvailable: 1 }, [])).toEqual({ code: 'one-cpu' })
  expect(hostLack({ cpusAvailable: 2 }, [beside(0.02), beside(0.9), beside(0.03)])).toBeUndefined()
  expect(hostLack({ cpusAvailable: 2 }, [beside(0.6), beside(0.7), beside(0.03)])).toEqual({
    code: 'neighbour',
    cpus: 0.6,
  })
  expect(hostLack({ cpusAvailable: 2 }, [])).toBeUndefined()
})
