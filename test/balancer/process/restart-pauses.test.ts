import { expect, test } from 'vitest'
import { restartPauses } from '../../../src/balancer/process/restart-pauses.ts'

test('the first restart is at once, and pauses double up to 5 s', () => {
  const { next } = restartPauses()
  const pauses = Array.from({ length: 9 }, () => next(9999))
  expect(pauses).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
})

test('after 10 s of service the next restart is at once again', () => {
  const { next } = restartPauses()
  for (let n = 0; n < 5; n++) next(0)
  expect([next(10_000), next(0), next(0)]).toEqual([0, 100, 200])
})
