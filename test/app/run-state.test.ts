import { expect, test } from 'vitest'
import { followRun } from '../../src/app/run-state.ts'
import { exampleResult } from '../support/results/example-result.ts'

const { plan, trials } = exampleResult()
const [first, second] = trials as [(typeof trials)[0], (typeof trials)[0]]

function follow() {
  let nowMs = 0
  const controller = new AbortController()
  const follower = followRun(plan, {
    ...{ command: 'lb bench', signal: controller.signal },
    now: () => nowMs,
  })
  return { follower, controller, wait: (seconds: number) => (nowMs += 1000 * seconds) }
}

test('before the first trial the time that is left is that of the plan', () => {
  const { follower } = follow()
  const { title, left, done, of, elapsed } = follower.state()
  expect({ title, done, of, elapsed }).toEqual({
    ...{ title: 'lb bench  default', done: 0, of: plan.trials.length, elapsed: 0 },
  })
  expect(left).toBeGreaterThan(plan.trials.length * plan.duration)
})

test('later it is that of the trials so far, times those to come', () => {
  const { follower, wait } = follow()
  follower.started(first.trial, { done: 0, of: 20 })
  wait(40)
  follower.started(second.trial, { done: 10, of: 20 })
  const { left = 0 } = follower.state()
  expect(left).toBeGreaterThan(30)
  expect(left).toBeLessThan(42)
  wait(5)
  expect(follower.state().elapsed).toBe(45)
})

test('a trial has its figures, one that is repeated says so, one of a witness has none', () => {
  const { follower } = follow()
  follower.started(first.trial, { done: 0, of: 20 })
  follower.measured(first)
  follower.measured({ ...first, trial: { ...first.trial, witness: 'wrk' } })
  follower.started(first.trial, { done: 0, of: 20 })
  const { figures, current } = follower.state()
  expect(figures).toHaveLength(1)
  expect(figures[0]).toMatchObject({ arm: first.trial.arm, isValid: true, failed: 0 })
  expect(figures[0]?.rate).toBeCloseTo(first.window.ok / first.windowSeconds)
  expect(current).toMatch(/\(repeated\)$/)
})

test('invalid trials are trouble at once, and an interruption is seen', () => {
  const { follower, controller } = follow()
  const reasons = [{ code: 'swapped' as const, values: { pages: 3 } }]
  follower.measured({ ...first, verdict: { ...first.verdict, valid: false, reasons } })
  expect(follower.state().troubles).toEqual([
    'machine busy: 1 of 1 trial discarded; the host swapped up to 3 pages',
  ])
  controller.abort()
  expect(follower.state().isStopping).toBe(true)
})
