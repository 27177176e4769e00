import { expect, test } from 'vitest'
import { candidatesOf } from '../../src/choose/candidates.ts'
import type { Ranking } from '../../src/result/simulation.ts'

function ranking(...names: readonly string[]): Ranking {
  const [best = '', ...others] = names
  return { metric: 'p99', best, asGood: [best], others: others.map((name) => ({ name })) }
}

test('the best two and the one in use are run, the best first', () => {
  const found = candidatesOf(
    ranking('least-connections', 'two-choices', 'peak-ewma', 'round-robin'),
    'round-robin',
  )
  expect(found).toEqual({
    names: ['least-connections', 'two-choices', 'round-robin'],
    leftOut: [],
  })
})

test('the one in use is run once where it is among the best, and not where it was not simulated', () => {
  const order = ranking('least-connections', 'round-robin', 'random')
  const best = ['least-connections', 'round-robin']
  expect(candidatesOf(order, 'round-robin').names).toEqual(best)
  expect(candidatesOf(order, undefined).names).toEqual(best)
  expect(candidatesOf(order, 'weighted').names).toEqual(best)
})

test('algorithms that pick by a key are left out, and named where they would have been run', () => {
  const order = ranking('maglev', 'least-connections', 'ip-hash', 'random', 'consistent-hash')
  expect(candidatesOf(order, 'consistent-hash')).toEqual({
    names: ['least-connections', 'random'],
    leftOut: ['maglev', 'consistent-hash'],
  })
})
