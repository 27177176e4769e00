import { describe, expect, test } from 'vitest'
import { uncorrected } from '../../../src/experiment/findings/host-speed.ts'
import { pairings, pairsOf, valuesOf } from '../../../src/experiment/findings/pairs.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const [a, b] = [arm('a'), arm('b')]
const throughput = { phase: 'capacity', metric: 'throughput' } as const

describe('which arms are compared', () => {
  const names = (...given: Parameters<typeof planOf>) =>
    pairings(planOf(...given)).map(({ base, other }) => `${base.name} ${other.name}`)

  test('each with the first of as many cores', () => {
    const arms = [a, arm('a2', { cores: 2 }), b, arm('b2', { cores: 2 }), arm('c')]
    expect(names(arms)).toEqual(['a b', 'a2 b2', 'a c'])
  })

  test('never the control', () => {
    expect(names([arm('direct'), a, b], { control: 'direct' })).toEqual(['a b'])
    expect(names([a, arm('direct')], { control: 'direct' })).toEqual([])
  })
})

describe('the pairs of two arms', () => {
  const pairs = (measured: Parameters<typeof pairsOf>[0]) =>
    pairsOf(measured, { base: a, other: b }, throughput).pairs

  test('are within a block, in whatever order they ran', () => {
    const measured = [
      measurement({ arm: 'b', block: 1, ok: 21 }),
      measurement({ arm: 'a', block: 0, ok: 10 }),
      measurement({ arm: 'b', block: 0, ok: 20 }),
      measurement({ arm: 'a', block: 1, ok: 11 }),
    ]
    expect(pairs(measured)).toEqual([
      [10, 20],
      [11, 21],
    ])
  })

  test('go whole where one of the two does not count', () => {
    const measured = [
      measurement({ arm: 'a', block: 0 }),
      measurement({ arm: 'b', block: 0, verdict: { valid: false } }),
      measurement({ arm: 'a', block: 1, ok: 11 }),
      measurement({ arm: 'b', block: 1, ok: 21 }),
    ]
    expect(pairs(measured)).toEqual([[11, 21]])
  })

  test('leave out what has no ratio', () => {
    const measured = [
      measurement({ arm: 'a', ok: 0, failed: { errors: 1 } }),
      measurement({ arm: 'b', ok: 20 }),
    ]
    expect(pairs(measured)).toEqual([])
  })
})

test('a trial that was repeated counts once: the repetition', () => {
  const measured = [
    measurement({ ok: 10, verdict: { valid: false } }),
    measurement({ ok: 12 }),
    measurement({ ok: 99, phase: 'latency' }),
  ]
  expect([...valuesOf(measured, 'a', { question: throughput, speed: uncorrected })]).toEqual([
    [0, 12],
  ])
})
