import { expect, test } from 'vitest'
import { visitSteps } from '../../../src/experiment/findings/visit-steps.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { visitStep } from '../../../src/result/schemas/visits.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const request = (name: string) => ({
  ...({ kind: 'request', name, method: 'GET', url: `/${name}` } as const),
  ...{ headers: {}, checks: [], captures: {} },
})

const plan = planOf([arm('a'), arm('b')], {
  phases: ['latency'],
  blocks: 8,
  visits: {
    journeys: [{ name: 'one', weight: 1, steps: [request('list'), request('item')] }],
    data: {},
  },
})

/** A trial whose steps took so many µs. */
function trialOf(name: string, block: number, micros: { list: number; item: number }): Measurement {
  const step = (each: number, failed: number) => {
    const latency = histogram()
    // No two trials are equal.
    for (let i = 0; i < 1000; i++) latency.record(each + (i % 10) * 10 + block)
    return {
      ok: 1000,
      failed: failed === 0 ? {} : { 'status 500': failed },
      checks: { 'status is 200': { passed: 1000, failed } },
      latency: latency.encode(),
    }
  }
  return measurement({
    ...{ arm: name, block, phase: 'latency' },
    also: {
      visits: {
        ...{ began: 1000, finished: 1000, cut: 0 },
        steps: { list: step(micros.list, 0), item: step(micros.item, name === 'b' ? 5 : 0) },
      },
    },
  })
}

const measured = Array.from({ length: 8 }, (_, block) => [
  trialOf('a', block, { list: 1000, item: 2000 }),
  trialOf('b', block, { list: 1000, item: 4000 }),
]).flat()

test('each step has figures of its own for each arm, and a comparison of the arms', () => {
  const found = visitSteps(plan, measured, { margin: () => 0.03, cpus: 4 }) ?? []
  expect(found.map((one) => visitStep.parse(one))).toEqual(found)
  const [list, item] = found
  expect(found.map(({ name }) => name)).toEqual(['list', 'item'])
  expect(item?.arms).toMatchObject([
    { arm: 'a', requests: 8000, failed: 0, checks: { 'status is 200': { passed: 8000 } } },
    { arm: 'b', requests: 8040, failed: 40, checks: { 'status is 200': { failed: 40 } } },
  ])
  expect(item?.arms[1]?.metrics.errorShare?.center).toBeCloseTo(5 / 1005, 6)
  expect(item?.arms[0]?.metrics.latencyP50?.center).toBeCloseTo(0.00205, 4)
  const outcomes = (step: typeof list) =>
    step?.comparisons.map(({ metric, arm: name, outcome }) => [metric, name, outcome])
  expect(outcomes(list)).toEqual([
    ['latencyP50', 'b', 'same'],
    ['latencyP99', 'b', 'same'],
  ])
  expect(outcomes(item)).toEqual([
    ['latencyP50', 'b', 'worse'],
    ['latencyP99', 'b', 'worse'],
  ])
  expect(item?.comparisons[0]?.ratio.center).toBeCloseTo(2, 1)
})

test('without visits there are no steps', () => {
  expect(visitSteps(planOf([arm('a')]), [], { margin: () => 0.03, cpus: 1 })).toBeUndefined()
})
