import { expect, test } from 'vitest'
import { timerQueue } from '../../src/backend/timer-queue.ts'
import { seeded, shuffled } from '../../src/kit/random.ts'

test('does everything once, in the order in which it is due, and nothing before', async () => {
  const start = performance.now() + 5
  const diary = timerQueue()
  const done: number[] = []
  const early: number[] = []
  await new Promise<void>((resolve) => {
    for (const i of shuffled(500, seeded(1))) {
      const due = start + i * 0.05
      diary.add(due, () => {
        done.push(i)
        if (performance.now() < due) early.push(i)
        if (done.length === 500) resolve()
      })
    }
  })
  await diary.close()
  expect(early).toEqual([])
  expect(done).toEqual(Array.from({ length: 500 }, (_, i) => i))
})

test('takes new entries while it works one off', async () => {
  const diary = timerQueue()
  const done: string[] = []
  await new Promise<void>((resolve) => {
    const start = performance.now() + 2
    diary.add(start, () => {
      done.push('first')
      diary.add(start + 2, () => {
        done.push('third')
        resolve()
      })
      diary.add(start + 1, () => done.push('second'))
    })
  })
  await diary.close()
  expect(done).toEqual(['first', 'second', 'third'])
})
