import { expect, test } from 'vitest'
import { timerQueue } from '../../src/backend/timer-queue.ts'
import { seeded, shuffled } from '../../src/kit/random.ts'

test('every task runs once, in the order in which it is due, and none early', async () => {
  const start = performance.now() + 5
  const timers = timerQueue()
  const done: number[] = []
  const early: number[] = []
  await new Promise<void>((resolve) => {
    for (const i of shuffled(500, seeded(1))) {
      const due = start + i * 0.05
      timers.add(due, () => {
        done.push(i)
        if (performance.now() < due) early.push(i)
        if (done.length === 500) resolve()
      })
    }
  })
  await timers.close()
  expect(early).toEqual([])
  expect(done).toEqual(Array.from({ length: 500 }, (_, i) => i))
})

test('tasks can be added while one runs', async () => {
  const timers = timerQueue()
  const done: string[] = []
  await new Promise<void>((resolve) => {
    const start = performance.now() + 2
    timers.add(start, () => {
      done.push('first')
      timers.add(start + 2, () => {
        done.push('third')
        resolve()
      })
      timers.add(start + 1, () => done.push('second'))
    })
  })
  await timers.close()
  expect(done).toEqual(['first', 'second', 'third'])
})
