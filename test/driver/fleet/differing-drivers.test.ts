import { expect, test } from 'vitest'
import { differingDrivers } from '../../../src/driver/fleet/differing-drivers.ts'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

/** A driver with so many lognormal latencies of this median in µs. */
function driver(number: number, median: number, requests = 3000) {
  const draw = gaussian(seeded(number))
  const times = histogram()
  for (let i = 0; i < requests; i++) times.record(median * Math.exp(0.5 * draw()))
  return { number, latency: times.encode() }
}

test('drivers with equal latencies are alike', () => {
  expect(differingDrivers([driver(1, 1000), driver(2, 1000), driver(3, 1000)], 3)).toEqual([])
})

test('a slow driver among three is named, with its median and that of the others', () => {
  const found = differingDrivers([driver(1, 1000), driver(2, 2000), driver(3, 1000)], 3)
  expect(found).toEqual([
    {
      ...{ number: 2, of: 3 },
      p50Seconds: expect.closeTo(0.002, 4),
      othersP50Seconds: expect.closeTo(0.001, 4),
      distance: expect.toSatisfy((d) => d > 0.4 && d < 0.7),
    },
  ])
})

test('of two drivers that differ the slower one is named', () => {
  const found = differingDrivers([driver(1, 3000), driver(2, 1000)], 2)
  expect(found.map(({ number }) => number)).toEqual([1])
})

test('a difference that is significant but small is none, and so is one of few requests', () => {
  expect(differingDrivers([driver(1, 1000, 50_000), driver(2, 1100, 50_000)], 2)).toEqual([])
  expect(differingDrivers([driver(1, 1000, 4), driver(2, 2000, 4)], 2)).toEqual([])
})

test('a driver without a response differs from none', () => {
  expect(differingDrivers([driver(1, 1000), driver(2, 1000, 0)], 2)).toEqual([])
})
