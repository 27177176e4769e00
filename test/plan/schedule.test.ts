import { expect, test } from 'vitest'
import { schedule } from '../../src/plan/schedule.ts'
import { arm } from '../support/results/measurements.ts'

const arms = ['a', 'b', 'c'].map((name) => arm(name))
const order = (seed: number, blocks = 4) =>
  schedule({
    arms,
    seed,
    phases: [
      { phase: 'capacity', blocks },
      { phase: 'latency', blocks: 2 },
    ],
  })

test('phases run one after the other, each with its own number of blocks', () => {
  const phases = order(1).map(({ phase, block }) => `${phase} ${block}`)
  const blocks = [...new Set(phases)]
  expect(blocks).toEqual([
    ...[0, 1, 2, 3].map((block) => `capacity ${block}`),
    ...[0, 1].map((block) => `latency ${block}`),
  ])
  // Every block is whole: three trials in a row.
  expect(phases).toEqual(blocks.flatMap((one) => [one, one, one]))
})

test('every order of the arms is about equally frequent', () => {
  const blocks = Map.groupBy(
    order(5, 600).filter(({ phase }) => phase === 'capacity'),
    ({ block }) => block,
  )
  const walks = [...blocks.values()].map((trials) => trials.map((trial) => trial.arm).join(''))
  const counts = Map.groupBy(walks, (walk) => walk)
  expect(counts.size).toBe(6)
  // Binomial(600, 1/6): 100 ± 9.1; four standard deviations.
  for (const { length } of counts.values()) expect(Math.abs(length - 100)).toBeLessThan(37)
})

test('the trials of a block share a seed; blocks of any phase do not', () => {
  const seeds = Map.groupBy(order(2), ({ phase, block }) => `${phase} ${block}`)
  const each = [...seeds.values()].map((trials) => new Set(trials.map(({ seed }) => seed)))
  expect(each.every((found) => found.size === 1)).toBe(true)
  expect(new Set(each.flatMap((found) => [...found])).size).toBe(6)
})

test('a witness has one more trial of each arm in every block of the capacity phase, in any order', () => {
  const phases = [
    { phase: 'capacity' as const, blocks: 50 },
    { phase: 'latency' as const, blocks: 2 },
  ]
  const trials = schedule({ arms, seed: 3, phases, witness: 'wrk' })
  const blocks = [...Map.groupBy(trials, ({ phase, block }) => `${phase} ${block}`)]
  for (const [name, block] of blocks) {
    const drivers = Map.groupBy(block, ({ witness }) => witness)
    expect(
      drivers
        .get(undefined)
        ?.map((one) => one.arm)
        .toSorted(),
    ).toEqual(['a', 'b', 'c'])
    const isCapacity = name.startsWith('capacity')
    expect(
      drivers
        .get('wrk')
        ?.map((one) => one.arm)
        .toSorted(),
    ).toEqual(isCapacity ? ['a', 'b', 'c'] : undefined)
    expect(new Set(block.map(({ seed }) => seed)).size).toBe(1)
  }
  const firsts = new Set(blocks.map(([, [one]]) => `${one?.arm} ${one?.witness}`))
  expect(firsts.size).toBe(6)
})
