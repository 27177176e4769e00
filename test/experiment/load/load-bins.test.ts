import { expect, test } from 'vitest'
import { loadBins } from '../../../src/experiment/load/load-bins.ts'
import type { Stage } from '../../../src/plan/load/load-plan.ts'
import { sample } from './load-samples.ts'

const stage = (model: Stage['model']): Stage => ({
  ...{ name: model, model, from: 1, to: 1, seconds: 1 },
})

test('each interval has the requests that ended in it, and what was planned for it', () => {
  const bins = loadBins({ stages: [stage('open')] })
  bins.add([sample(100, { times: [1, 2] }, { planned: 5 })])
  // The timer of the driver was late.
  bins.add([sample(250, { times: [1], failed: 2 }, { planned: 7.5 })])
  expect(bins.bins()).toEqual([
    { fromMs: 0, untilMs: 100, stage: 0, responses: 2, planned: 5 },
    { fromMs: 100, untilMs: 250, stage: 0, responses: 3, planned: 7.5 },
  ])
})

test('users are there for the time of an interval, and the edge of two stages is left out', () => {
  const bins = loadBins({ stages: [stage('open'), stage('closed')] })
  bins.add([sample(100, { times: [1] }, { planned: 4 }), sample(100, {}, { stage: 1, planned: 2 })])
  // Responses of the stage before come later.
  bins.add([
    sample(200, { times: [1] }, { planned: 0 }),
    sample(200, { times: [1, 1] }, { stage: 1, planned: 2 }),
  ])
  bins.add([sample(300, { times: [1] }, { planned: 0 })])
  expect(bins.bins()).toEqual([{ fromMs: 100, untilMs: 200, stage: 1, responses: 3, planned: 200 }])
})
