import { expect, test } from 'vitest'
import { oncePerTurn } from '../../../src/balancer/admin/once-per-turn.ts'

test('all who ask in one turn share one result, which is made after they asked', async () => {
  let state = 0
  const makes: number[] = []
  const ask = oncePerTurn(async () => {
    makes.push(state)
    return state
  })
  const first = [ask(), ask()]
  state = 1
  first.push(ask())
  expect(await Promise.all(first)).toEqual([1, 1, 1])
  state = 2
  expect(await ask()).toBe(2)
  expect(makes).toEqual([1, 2])
})

test('a failure is that of all who asked, and the next one is made again', async () => {
  let calls = 0
  const ask = oncePerTurn(async () => {
    calls++
    if (calls === 1) throw new Error('no')
    return calls
  })
  const both = await Promise.allSettled([ask(), ask()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await ask()).toBe(2)
})

test('between two results there is a pause, in which all who ask share the next one', async () => {
  let makes = 0
  const ask = oncePerTurn(async () => ++makes, 20)
  const from = performance.now()
  expect(await ask()).toBe(1)
  const first = ask()
  await new Promise(setImmediate)
  expect(await Promise.all([first, ask()])).toEqual([2, 2])
  expect(performance.now() - from).toBeGreaterThanOrEqual(19)
})
