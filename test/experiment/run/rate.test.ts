import { expect, test } from 'vitest'
import { onTimeRate, requestedRate } from '../../../src/experiment/run/rate.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const plan = planOf([arm('a'), arm('b')], { phases: ['capacity', 'latency'] })
const share = (rate?: number) =>
  ({ ...plan, arrivals: { share: 0.5, spacing: 'poisson', ...(rate && { rate }) } }) as const

test('a requested rate is used as it is', () => {
  expect(requestedRate(share(123), [measurement({ ok: 9000 })])).toBe(123)
})

test('the default is a share of the slowest arm, by its median trial', () => {
  const measured = [
    ...[100, 800, 900].map((ok, block) => measurement({ arm: 'a', block, ok })),
    ...[2000, 2100].map((ok, block) => measurement({ arm: 'b', block, ok })),
  ]
  expect(requestedRate(share(), measured)).toBe(400)
})

test('of visits it is a share of those that came to their end', () => {
  const visits = { began: 400, finished: 300, cut: 0, steps: {} }
  const measured = ['a', 'b'].map((name) => measurement({ arm: name, ok: 900, also: { visits } }))
  expect(requestedRate(share(), measured)).toBe(150)
})

test('invalid trials are ignored, unless the arm has no others', () => {
  const verdict = { valid: false }
  const a = [measurement({ ok: 10, verdict }), measurement({ ok: 1000, block: 1 })]
  expect(requestedRate(share(), a)).toBe(500)
  expect(requestedRate(share(), [...a, measurement({ arm: 'b', ok: 600, verdict })])).toBe(300)
})

/** Tries rates from `wanted` on with a driver that is on time up to one, can send so many at most, and uses its CPUs up at `perCpu`. */
async function tried(
  wanted: number,
  { onTime, most = wanted, perCpu = 1e6 }: { onTime: number; most?: number; perCpu?: number },
) {
  const rates: number[] = []
  const rate = await onTimeRate(wanted, async (one) => {
    rates.push(one)
    return { sent: Math.min(one, most), onTime: one <= onTime, cpuShare: one / perCpu }
  })
  return { rate, rates }
}

test('a rate at which the driver is on time is kept after one trial', async () => {
  expect(await tried(1000, { onTime: 1000 })).toEqual({ rate: 1000, rates: [1000] })
})

test('the rate falls until the driver is on time', async () => {
  expect(await tried(1000, { onTime: 700 })).toEqual({ rate: 640, rates: [1000, 800, 640] })
})

test('the rate falls below the requests sent at once', async () => {
  expect((await tried(100_000, { onTime: 800, most: 1000 })).rates).toEqual([100_000, 800])
})

test('a driver that is late at every rate gets the last rate', async () => {
  expect(await tried(1000, { onTime: 0 })).toEqual({ rate: 512, rates: [1000, 800, 640, 512] })
})

test('the rate is never below one request per second', () => {
  expect(requestedRate(share(), [measurement({ ok: 1 })])).toBe(1)
})

test('the rate falls in proportion while the driver leaves too little of its CPUs', async () => {
  // 0.8 of the CPUs at 800 requests per second; 0.9 of that after a share that was too great.
  expect(await tried(1600, { onTime: 1600, perCpu: 1000 })).toEqual({
    rate: 720,
    rates: [1600, 720],
  })
})
