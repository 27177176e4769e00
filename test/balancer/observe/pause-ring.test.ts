import { expect, test } from 'vitest'
import {
  allocatePauses,
  ejectionNotes,
  pauseNotes,
  readPauses,
} from '../../../src/balancer/observe/pause-ring.ts'

test('the pauses of all threads are read, each with its kind and its times', () => {
  const memory = allocatePauses(2)
  pauseNotes(memory, 0)('gc', 10, 12.5)
  pauseNotes(memory, 1)('retry', 11, 20)
  pauseNotes(memory, 1)('wait', 30, 34)
  ejectionNotes(pauseNotes(memory, 1))(0.5, 10.5)
  expect(readPauses(memory)).toEqual([
    { kind: 'gc', fromMs: 10, untilMs: 12.5 },
    { kind: 'retry', fromMs: 11, untilMs: 20 },
    { kind: 'wait', fromMs: 30, untilMs: 34 },
    { kind: 'ejection', fromMs: 500, untilMs: 10_500 },
  ])
})

test('of many pauses the last ones are kept', () => {
  const memory = allocatePauses(1)
  const note = pauseNotes(memory, 0)
  for (let i = 0; i < 9000; i++) note('loop', i, i + 1)
  const kept = readPauses(memory).map(({ fromMs }) => fromMs)
  expect(kept).toHaveLength(4096)
  expect(Math.min(...kept)).toBe(9000 - 4096)
})
