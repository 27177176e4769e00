import { describe, expect, test } from 'vitest'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import type { Finding } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { decode } from '../../../src/stats/histogram/histogram.ts'
import { arm, measurement, planOf, type Seen } from '../../support/results/measurements.ts'

const plan = planOf([arm('a')])

/** What one arm came to, from these trials: one a block. */
function found(...trials: readonly Seen[]): Finding {
  const measured = trials.map((seen, block) => measurement({ block, ...seen }))
  const [finding] = analyse(plan, measured, 2)
  return finding as Finding
}
const swapped: Reason = { code: 'swapped', values: { pages: 3 } }
const invalid = (...reasons: Reason[]) => ({ verdict: { valid: false, reasons } })

describe('trials that do not count', () => {
  test('enter no estimate', () => {
    const { metrics, validity, perBackend } = found(
      { ok: 100 },
      { ok: 300 },
      { ok: 9000, ...invalid() },
    )
    expect(metrics.throughput).toMatchObject({
      center: expect.closeTo(Math.sqrt(100 * 300), 6),
      n: 2,
    })
    expect(perBackend).toEqual([400, 400])
    expect(validity).toBe('valid')
  })

  test('are counted in a note', () => {
    const { notes } = found({}, invalid(swapped), invalid(swapped))
    expect(notes.slice(1)).toEqual([
      { code: 'trials-discarded', values: { discarded: 2, trials: 3 } },
    ])
  })

  test('are shown, and marked as invalid, where there are no others', () => {
    const { metrics, validity } = found({ ok: 9000, ...invalid(swapped) })
    expect(metrics.throughput?.center).toBeCloseTo(9000, 6)
    expect(validity).toBe('invalid')
  })
})

test('more cores than the host has are oversubscribed, however the trials went', () => {
  const big = planOf([arm('a', { cores: 8 })])
  const validity = (seen: Seen) => analyse(big, [measurement(seen)], 2)[0]?.validity
  expect(validity({})).toBe('oversubscribed')
  expect(validity(invalid())).toBe('oversubscribed')
})

describe('the bottleneck', () => {
  const by = (bottleneck: Finding['bottleneck'], cpus = 1) => ({
    verdict: {
      bottleneck,
      reason: { code: 'other-programs' as const, values: { usedShare: 1, cpus } },
    },
  })

  test('is the one of most trials, with the reason of the first of them', () => {
    expect(found(by('host'), by('driver', 2), by('driver', 3))).toMatchObject({
      bottleneck: 'driver',
      reason: { values: { cpus: 2 } },
    })
  })

  test.for([
    ['driver', true],
    ['backends', true],
    ['target', false],
    ['host', false],
  ] as const)('of a %s makes a capacity a lower bound: %s', ([limit, bound]) => {
    expect(found(by(limit)).isLowerBound).toBe(bound)
  })

  test('bounds no latency', () => {
    const latency = measurement({ phase: 'latency', verdict: { bottleneck: 'driver' } })
    expect(
      analyse(planOf([arm('a')], { phases: ['latency'] }), [latency], 2)[0]?.isLowerBound,
    ).toBe(false)
  })
})

describe('percentiles', () => {
  const spread = (ok: number, micros: number) => ({ ok, latencies: Array(ok).fill(micros) })

  test('are those of a typical trial, as its interval is, and a few trials that dominate all requests are named', () => {
    // Nine trials of 1 ms and one of 100 ms: the merged p99 is 100 ms, that of a typical trial 10^0.2 ms.
    const nine = Array.from({ length: 9 }, () => spread(10_000, 1000))
    const { metrics, latency } = found(...nine, spread(10_000, 100_000))
    expect(metrics.latencyP99?.center).toBeCloseTo(0.001 * 10 ** 0.2, 5)
    expect(metrics.latencyP99?.high).toBeLessThan(0.1)
    expect(metrics.latencyP99?.warnings).toEqual([{ code: 'percentile-uneven', values: {} }])
    expect(decode(latency).count).toBe(100_000)
  })

  test('are missing where too few requests were measured, which is said', () => {
    const { metrics, notes } = found(spread(500, 1000))
    expect(metrics.latencyP90).toBeDefined()
    expect(metrics.latencyP99).toBeUndefined()
    expect(notes).toContainEqual({
      code: 'too-few-requests',
      values: { metric: 'latencyP99', requests: 500, needed: 1000 },
    })
  })

  test('are missing where they lie among the failures of a trial, which is said', () => {
    const { metrics, notes } = found(spread(5000, 1000), {
      ...spread(5000, 1000),
      failed: { errors: 100 },
    })
    expect(metrics.latencyP99).toBeUndefined()
    expect(metrics.latencyP90).toBeDefined()
    expect(notes).toContainEqual({
      code: 'percentile-failed',
      values: { metric: 'latencyP99', failedTrials: 1, trials: 2 },
    })
  })

  test('count failures as slower than any answer where they are not among them', () => {
    // 1,700 answers of 100, 101, … µs. p90 is the 1,530th without, and the 1,620th with 100 failures beside.
    const latencies = Array.from({ length: 1700 }, (_, i) => i + 100)
    const p90 = ({ metrics }: Finding) => Math.round((metrics.latencyP90?.center as number) * 1e6)
    expect(p90(found({ ok: 1700, latencies }))).toBe(1629)
    expect(p90(found({ ok: 1700, latencies, failed: { timeouts: 100 } }))).toBe(1719)
  })
})

test('what the target adds is a metric of its latency phase only, and none of the control', () => {
  const arms = [arm('a'), arm('direct', { target: 'direct' })]
  const both = planOf(arms, { control: 'direct', phases: ['capacity', 'latency'] })
  const measured = both.phases.flatMap((phase) => [
    measurement({ phase, latencies: Array(1000).fill(900) }),
    measurement({ phase, arm: 'direct', latencies: Array(1000).fill(200) }),
  ])
  const adds = analyse(both, measured, 2).map(({ arm, phase, metrics }) => [
    `${arm} ${phase}`,
    metrics.addedP50 && Math.round(metrics.addedP50.center * 1e6),
  ])
  expect(adds).toEqual([
    ['a capacity', undefined],
    ['a latency', 700],
    ['direct capacity', undefined],
    ['direct latency', undefined],
  ])
})

test('a balancer never adds more latency than was measured through it', () => {
  const arms = [arm('a'), arm('direct', { target: 'direct' })]
  const plan = planOf(arms, { control: 'direct', phases: ['latency'] })
  // In one of four blocks everything was slow, the control least.
  const measured = [1000, 1000, 1000, 90_000].flatMap((micros, block) => [
    measurement({ phase: 'latency', block, latencies: Array(1000).fill(micros) }),
    measurement({ phase: 'latency', block, arm: 'direct', latencies: Array(1000).fill(200) }),
  ])
  const { metrics } = analyse(plan, measured, 2)[0] as Finding
  const [p50, adds] = [metrics.latencyP50, metrics.addedP50]
  expect(adds?.center).toBeLessThanOrEqual(p50?.center as number)
  expect(adds?.low).toBeLessThanOrEqual(adds?.center as number)
  expect(adds?.high).toBeGreaterThanOrEqual(adds?.center as number)
})

test('what is added is the percentile that is shown less that of the control, and is missing without either', () => {
  const arms = [arm('a'), arm('direct', { target: 'direct' })]
  const plan = planOf(arms, { control: 'direct', phases: ['latency'] })
  const measured = [400, 6000].flatMap((micros, block) => [
    measurement({ phase: 'latency', block, latencies: Array(1000 - 900 * block).fill(micros) }),
    measurement({ phase: 'latency', block, arm: 'direct', latencies: Array(1000).fill(200) }),
  ])
  const [a, direct] = analyse(plan, measured, 2).map(({ metrics }) => metrics)
  const shown = (a?.latencyP50?.center as number) - (direct?.latencyP50?.center as number)
  expect(a?.addedP50?.center).toBeCloseTo(shown, 12)
  // Fewer requests than a p99 needs.
  const few = measured.map((one) => ({ ...one, window: { ...one.window, timeouts: 500 } }))
  const [failing] = analyse(plan, few, 2).map(({ metrics }) => metrics)
  expect(failing?.latencyP99).toBeUndefined()
  expect(failing?.addedP99).toBeUndefined()
})

test('an arm that was never measured has no finding', () => {
  const two = planOf([arm('a'), arm('b')])
  expect(analyse(two, [measurement()], 2).map(({ arm }) => arm)).toEqual(['a'])
})

test('the slowest request is that of all trials, and there is none where a request failed', () => {
  const slow = (micros: number) => ({ latencies: [...Array<number>(999).fill(1000), micros] })
  const seen = found(slow(40_000), slow(9000))
  expect(seen.metrics.latencyMax?.center).toBeCloseTo(0.04, 4)
  expect(seen.metrics.latencyMax?.low).toBe(seen.metrics.latencyMax?.center)
  expect(seen.metrics.latencyP95?.center).toBeCloseTo(0.001, 5)
  const failed = found(slow(40_000), { ...slow(9000), failed: { timeouts: 1 } })
  expect(failed.metrics.latencyMax).toBeUndefined()
  const values = { metric: 'latencyMax', failedTrials: 1, trials: 2 }
  expect(failed.notes).toContainEqual({ code: 'percentile-failed', values })
})
