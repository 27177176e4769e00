import { expect, test } from 'vitest'
import { differFromMost } from '../../../src/driver/fleet/differ-from-most.ts'
import { seeded } from '../../../src/kit/random.ts'

/** Classes of latencies, each 2 % above the one before, from 1 µs on. */
const classOf = (micros: number): number => Math.floor(Math.log(Math.max(1, micros)) / 0.02)

/** Requests of a fleet of three, mean service time in µs, and the fraction of time in which the target serves. */
const [requests, serviceMicros, utilisation] = [3 * 700, 100, 0.7]

/**
 * Latencies that three drivers of one target measure. All of their requests wait in one queue, so that latencies of
 * requests that are in flight together are related. `slowerBy`: µs that the second driver adds.
 */
function latenciesOfFleet(seed: number, slowerBy = 0): number[][] {
  const random = seeded(seed)
  const exponential = (mean: number) => -mean * Math.log(1 - random())
  const fleet = [0, 1, 2].map(() => Array<number>(classOf(1e6)).fill(0))
  let waited = 0
  for (let i = 0; i < requests; i++) {
    const latency = waited + exponential(serviceMicros)
    // Lindley's recursion: the next arrival finds that work, less the time until it comes.
    waited = Math.max(0, latency - exponential(serviceMicros / utilisation))
    const driver = Math.floor(random() * 3)
    const counts = fleet[driver] as number[]
    const at = classOf(latency + (driver === 1 ? slowerBy : 0))
    counts[at] = (counts[at] as number) + 1
  }
  return fleet
}

test('of 1,000 fleets of equal drivers, whose latencies are related, none has a driver that differs', () => {
  const named = Array.from({ length: 1000 }, (_, seed) => differFromMost(latenciesOfFleet(seed)))
  expect(named.flat()).toEqual([])
})

test('a driver that is 5 ms slower than two others is named in every fleet', () => {
  for (let seed = 0; seed < 100; seed++) {
    const found = differFromMost(latenciesOfFleet(seed, 5000))
    expect(found.map(({ index }) => index)).toEqual([1])
  }
})

test('a driver that is slower by half of the median is named, too', () => {
  const found = differFromMost(latenciesOfFleet(1, 120))
  expect(found.map(({ index }) => index)).toEqual([1])
})
