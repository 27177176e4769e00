import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queue } from '../../src/driver/queue.ts'

test('gives back what it was given, in order', () => {
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

test('keeps its order while what was taken is thrown away', () => {
  const own = queue<number>()
  let pushed = 0
  for (let taken = 0; taken < 10_000; taken++) {
    for (let i = 0; i < 2; i++) own.push(pushed++)
    expect(own.shift()).toBe(taken)
  }
  expect(own.size).toBe(10_000)
})
