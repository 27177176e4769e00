import { expect, test } from 'vitest'
import { trialLoad } from '../../../src/experiment/run/trial-load.ts'
import { place } from '../../../src/lab/cores.ts'
import { arm, planOf } from '../../support/results/measurements.ts'

/** The load of a trial with 128 connections, after a warm-up of so many seconds. */
function loadAt(rate: number | undefined, least = 0.6) {
  const own = arm('A')
  const plan = planOf([own], { connections: 128, warmup: { least, most: 1 }, phases: ['latency'] })
  const trial = { block: 0, arm: 'A', phase: 'latency', seed: 1 } as const
  const placement = place({ cpus: [0, 1], cores: 1 })
  return trialLoad({ plan, arm: own, trial, placement, rate }, { isElsewhere: false })
}

test('an open loop uses no more connections than are opened in the warm-up', () => {
  expect(loadAt(100).connections).toBe(60)
  expect(loadAt(5000).connections).toBe(128)
  expect(loadAt(1).connections).toBe(1)
  expect(loadAt(100, 0).connections).toBe(128)
  expect(loadAt(100).arrivals?.maxInFlight).toBe(loadAt(5000).arrivals?.maxInFlight)
})

test('a closed loop uses them all', () => {
  expect(loadAt(undefined).connections).toBe(128)
})
