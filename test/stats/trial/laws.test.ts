import { describe, expect, test } from 'vitest'
import { histogram, merge } from '../../../src/stats/histogram/histogram.ts'
import { asymptoticBounds } from '../../../src/stats/scaling/asymptotic-bounds.ts'
import {
  allowedLateness,
  conservation,
  flow,
  little,
  sendRate,
  utilisation,
  utilisationLaw,
} from '../../../src/stats/trial/laws.ts'
import { cases } from '../cases.ts'
import { expectClose } from '../close.ts'

const laws = cases<{
  merge: { merged_p99: number; merged_p90: number; merged_p91: number }
  little: readonly {
    N: number
    X_rps: number
    R_mean_ms: number
    Z_ms: number
    ratio: number
    verdict: string
  }[]
  utilisation_law: readonly {
    X_rps: number
    cpu_s: number
    window_s: number
    requests: number
    S_us: number
    U_cores: number
    flag?: string
  }[]
  asymptotic_bounds: {
    example: {
      D_total_ms: number
      Dmax_ms: number
      Z_ms: number
      N_star: number
      Xmax_rps: number
    }
  }
  send_rate: readonly { planned: number; sent: number; late_gt_1ms: number; verdict: string }[]
}>('laws.json')

test('ten workers’ histograms merge to the percentiles of all their requests', () => {
  const worker = (milliseconds: number) => {
    const times = histogram()
    for (let i = 0; i < 10_000; i++) times.record(milliseconds * 1000)
    return times.encode()
  }
  const fast = worker(1)
  const merged = merge([...Array.from({ length: 9 }, () => fast), worker(100)])
  for (const [percent, right] of [
    [90, laws.merge.merged_p90],
    [91, laws.merge.merged_p91],
    [99, laws.merge.merged_p99],
  ] as const) {
    // Three significant digits.
    expectClose(merged.percentile(percent) / 1000, right, 1e-3)
  }
})

describe('Little’s law', () => {
  test.for(laws.little)('$N connections, $X_rps req/s, mean $R_mean_ms ms', (right) => {
    const found = little({
      connections: right.N,
      rate: right.X_rps,
      meanSeconds: right.R_mean_ms / 1000,
      thinkSeconds: right.Z_ms / 1000,
    })
    expectClose(found.value, right.ratio)
    expect(found.holds).toBe(right.verdict.startsWith('ok'))
    const missing = /(\d+)% of client time/.exec(right.verdict)?.[1]
    if (missing) expect(Math.round(100 * (1 - found.value))).toBe(Number(missing))
  })

  test('2 % are allowed, and 5 % where a connection made fewer than 1,000 requests', () => {
    const off = (factor: number, requestsPerConnection: number) =>
      little({ connections: 10, rate: 1000 * factor, meanSeconds: 0.01, requestsPerConnection })
        .holds
    expect([0.979, 0.98, 1.02, 1.021].map((factor) => off(factor, 1000))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect([0.949, 0.95, 1.05, 1.051].map((factor) => off(factor, 999))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('the utilisation law', () => {
  test.for(laws.utilisation_law)('$cpu_s CPU-seconds for $requests requests', (right) => {
    const found = utilisation({
      cpuSeconds: right.cpu_s,
      windowSeconds: right.window_s,
      requests: right.requests,
      cpus: 2,
    })
    // The cases give four decimals.
    expectClose(found.secondsPerRequest * 1e6, right.S_us, 1e-6)
    expectClose(found.cpusUsed, right.U_cores)
    expectClose(right.X_rps * found.secondsPerRequest, right.U_cores)
    expect(found.holds).toBe(right.flag === undefined)
    expect(found.value).toBeCloseTo(right.U_cores / 2, 3)
  })

  test('requests that cost more than elsewhere break it', () => {
    expect(utilisationLaw({ cpusUsed: 0.8, rate: 20_000 }, 40e-6).holds).toBe(true)
    expect(utilisationLaw({ cpusUsed: 0.88, rate: 20_000 }, 40e-6).holds).toBe(true)
    const dear = utilisationLaw({ cpusUsed: 1, rate: 20_000 }, 40e-6)
    expect(dear.value).toBeCloseTo(1.25, 12)
    expect(dear.holds).toBe(false)
  })
})

describe('send rate', () => {
  test.for(laws.send_rate)('$sent of $planned, $late_gt_1ms late', (right) => {
    const { planned, sent, late_gt_1ms: late } = right
    expect(sendRate({ planned, sent, late }).holds).toBe(right.verdict === 'ok')
  })

  test('99.5 % must be sent, and 99 % of it on time', () => {
    expect(sendRate({ planned: 1000, sent: 995, late: 9 }).holds).toBe(true)
    expect(sendRate({ planned: 1000, sent: 994, late: 0 }).holds).toBe(false)
    expect(sendRate({ planned: 1000, sent: 1000, late: 10 }).holds).toBe(true)
    expect(sendRate({ planned: 1000, sent: 1000, late: 11 }).holds).toBe(false)
    expect(sendRate({ planned: 1000, sent: 0, late: 0 }).holds).toBe(false)
    expect(sendRate({ planned: 0, sent: 0, late: 0 })).toMatchObject({ holds: true, value: 1 })
  })

  test('0.2 ms of lateness are allowed, or 5 % of the median', () => {
    expect(allowedLateness(0.001)).toBe(0.0002)
    expect(allowedLateness(0.1)).toBeCloseTo(0.005, 12)
  })
})

test('asymptotic bounds are where they should be', () => {
  const { D_total_ms, Dmax_ms, Z_ms, N_star, Xmax_rps } = laws.asymptotic_bounds.example
  const bounds = asymptoticBounds({
    total: D_total_ms / 1000,
    max: Dmax_ms / 1000,
    think: Z_ms / 1000,
  })
  expectClose(bounds.knee, N_star)
  expectClose(bounds.maxRate, Xmax_rps)
  expectClose(bounds.rate(N_star / 2), Xmax_rps / 2)
  expectClose(bounds.rate(10 * N_star), Xmax_rps)
})

test('flow is balanced to 1 %', () => {
  expect(flow(1000, 990).holds).toBe(true)
  expect(flow(1000, 1010).holds).toBe(true)
  expect(flow(1000, 989)).toMatchObject({ holds: false, value: 0.011 })
  expect(flow(0, 0).holds).toBe(true)
  expect(flow(0, 5).holds).toBe(false)
})

test('requests are conserved but for those that may have been under way', () => {
  const counted = { driver: 1000, target: 1003, backends: [500, 497], unsure: 3 }
  expect(conservation(counted).holds).toBe(true)
  expect(conservation({ ...counted, unsure: 2 })).toMatchObject({ holds: false, value: 3 })
  expect(conservation({ driver: 1000, backends: [500, 490], unsure: 3 })).toMatchObject({
    holds: false,
    value: 10,
  })
})
