import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queue } from '../../src/driver/queue.ts'

test('values come out in the order in which they were pushed', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat())), (steps) => {
      const own = queue<number>()
      const model: number[] = []
      for (const step of steps) {
        if (step === null) expect(own.shift()).toBe(model.shift())
        else {
          own.push(step)
          model.push(step)
        }
        expect(own.size).toBe(model.length)
      }
    }),
  )
})

test('the order is kept while removed values are cut off', () => {
  const own = queue<number>()
  let pushed = 0
  for (let removed = 0; removed < 10_000; removed++) {
    for (let i = 0; i < 2; i++) own.push(pushed++)
    expect(own.shift()).toBe(removed)
  }
  expect(own.size).toBe(10_000)
})
