import { expect, test } from 'vitest'
import { earlyStop } from '../../../src/experiment/load/early-stop.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'

const toMs = 60_000
const [bins, perBin] = [toMs / 100, 10]

/** When a run ends: 100 requests a second for a minute, each beyond the limit with the probability of its bin. */
function stoppedAt(allowed: number, probability: (bin: number) => number, random: Random) {
  const stop = earlyStop({ allowed, fromMs: 0, toMs, among: 1 })
  for (let bin = 1; bin <= bins && stop.decidedAtMs === undefined; bin++) {
    const p = probability(bin)
    let bad = 0
    for (let i = 0; i < perBin; i++) if (random() < p) bad++
    stop.add(bin * 100, { bad, total: perBin })
  }
  return stop.decidedAtMs
}

/** Stalls of a second in which every request is beyond the limit, `share` of the time. */
function stalls(share: number, random: Random) {
  let until = 0
  return (bin: number) => {
    if (random() < share / 10) until = bin + 10
    return bin < until ? 1 : 0
  }
}

test('of 1,000 passing runs at most 1 % are ended: at the very limit, and with stalls that the run as a whole allows', () => {
  const random = seeded(1)
  let ended = 0
  for (let run = 0; run < 500; run++) {
    if (stoppedAt(0.01, () => 0.01, random) !== undefined) ended++
    if (stoppedAt(0.01, stalls(0.008, random), random) !== undefined) ended++
  }
  expect(ended).toBeLessThanOrEqual(10)
})

test('20 of 20 planted failures end before half of their time', () => {
  const random = seeded(2)
  for (let run = 0; run < 20; run++) {
    const probability = run % 2 === 0 ? () => 0.05 : stalls(0.5, random)
    expect(stoppedAt(0.01, probability, random)).toBeLessThan(toMs / 2)
  }
})

test('slow requests at the start end nothing', () => {
  const random = seeded(3)
  for (let run = 0; run < 20; run++) {
    expect(stoppedAt(0.02, (bin) => (bin <= 10 ? 0.5 : 0.002), random)).toBeUndefined()
  }
})

test('a limit of nothing is decided by the first request beyond it', () => {
  const stop = earlyStop({ allowed: 0, fromMs: 0, toMs, among: 3 })
  stop.add(100, { bad: 0, total: 10 })
  expect(stop.decidedAtMs).toBeUndefined()
  stop.add(200, { bad: 1, total: 10 })
  expect(stop.decidedAtMs).toBe(200)
})

test('several thresholds share the false alarms: each is decided later', () => {
  const decidedBy = (among: number) => {
    const stop = earlyStop({ allowed: 0.01, fromMs: 0, toMs, among })
    for (let bin = 1; bin <= bins; bin++) stop.add(bin * 100, { bad: 1, total: 20 })
    return stop.decidedAtMs as number
  }
  expect(decidedBy(1)).toBeLessThan(decidedBy(1000))
})
