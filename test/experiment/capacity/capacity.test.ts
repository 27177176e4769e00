import { afterEach, expect, test, vi } from 'vitest'
import {
  type CapacityOptions,
  capacity,
  searchBounds,
} from '../../../src/experiment/capacity/capacity.ts'
import type { Session } from '../../../src/experiment/run/session.ts'
import { ProcessError, UsageError } from '../../../src/kit/errors.ts'
import { seeded } from '../../../src/kit/random.ts'
import { objective } from '../../../src/plan/objective.ts'
import type { Capacity } from '../../../src/result/capacity.ts'
import { arm, binsOf, measurement, planOf, type Seen } from '../../support/results/measurements.ts'
import { engineOnNodes } from '../engine-on-nodes.ts'
import { openTestSession } from '../open-test-session.ts'

afterEach(() => void vi.restoreAllMocks())

const plan = planOf([arm('direct', { target: 'direct' }), arm('a')], {
  control: 'direct',
  phases: ['latency'],
})

/** Searches an arm whose trials `give` makes up, with a driver that can send `driver` requests per second. */
async function found(
  give: (rate: number, n: number) => Seen,
  also: Partial<CapacityOptions> & { driver?: number; signal?: AbortSignal } = {},
): Promise<Capacity & { readonly rates: readonly number[] }> {
  const { driver = 1e6, signal, ...options } = also
  const rates: number[] = []
  const runTrial: Session['runTrial'] = async ({ trial, rate = 0 }) => {
    if (trial.arm === 'calibration') return measurement({ also: { bins: binsOf(driver) } })
    rates.push(rate)
    const seen = { ok: 1000, also: { rate }, ...give(rate, rates.length - 1) }
    return measurement({ arm: trial.arm, phase: 'latency', ...seen })
  }
  await using session = await openTestSession(runTrial, signal)
  const result = await capacity({
    ...{ plan, session, objectives: [objective('p99<20ms')], start: 500, maxSeconds: 900 },
    onTrial() {},
    ...options,
  })
  return { ...result, rates }
}

/** Responses of 1 ms up to `knee` requests per second, of 50 ms beyond. */
const kneeAt = (knee: number) => (rate: number) => ({
  latencies: Array<number>(1000).fill(rate <= knee ? 1000 : 50_000),
})
const invalid = { verdict: { valid: false } }

test('the knee is found to within 2 %, and both edges are confirmed', async () => {
  const { low = 0, high = 0, reason, arm, curve } = await found(kneeAt(3210))
  expect(reason).toBe('goal width')
  expect(low).toBeLessThanOrEqual(3210)
  expect(high).toBeGreaterThan(3210)
  expect(high / low).toBeLessThanOrEqual(1.02 * (1 + 1e-9))
  expect(arm).toBe('a')
  for (const edge of [low, high]) {
    const { met, missed } = curve.find(({ rate }) => rate === edge) as Capacity['curve'][number]
    expect(met + missed).toBeGreaterThanOrEqual(5)
  }
})

test('the curve holds every rate of the search, ascending', async () => {
  const { curve, trials, rates } = await found(kneeAt(3210))
  expect(curve.map(({ rate }) => rate)).toEqual([...new Set(rates)].sort((a, b) => a - b))
  expect(trials).toBe(rates.length)
  expect(curve[0]?.p99).toBeCloseTo(0.001, 4)
  expect(curve.at(-1)?.p99).toBeCloseTo(0.05, 3)
})

test('the search ends with the rate limit at 70 % of the highest rate of the driver', async () => {
  const { low, high, reason, driverLimit, rates } = await found(kneeAt(1e9), { driver: 10_000 })
  expect({ low, high, reason, driverLimit }).toEqual({
    low: 7000,
    high: undefined,
    reason: 'rate limit',
    driverLimit: 10_000,
  })
  expect(Math.max(...rates)).toBe(7000)
})

test('drivers on nodes without backends are not calibrated, and the result has their nodes', async () => {
  const arms: string[] = []
  const runTrial: Session['runTrial'] = async ({ trial, rate = 0 }) => {
    arms.push(trial.arm)
    const seen = { ok: 1000, also: { rate }, ...kneeAt(3210)(rate) }
    return measurement({ arm: 'a', phase: 'latency', ...seen })
  }
  await using session = await openTestSession(runTrial, undefined, engineOnNodes)
  const result = await capacity({
    ...{ plan, session, objectives: [objective('p99<20ms')], start: 500, maxSeconds: 900 },
    onTrial() {},
  })
  expect(new Set(arms)).toEqual(new Set(['a']))
  expect(result.driverLimit).toBeUndefined()
  expect(result.low).toBeLessThanOrEqual(3210)
  expect(result.engine).toMatchObject({ name: 'ssh', nodes: [{ name: 'n0', drivers: 1 }] })
})

test('an invalid trial is repeated, and counts as neither met nor missed', async () => {
  const plain = await found(kneeAt(3210))
  const disturbed = await found((rate, n) =>
    n % 4 === 0 ? { ...kneeAt(3210)(rate), ...invalid } : kneeAt(3210)(rate),
  )
  expect([disturbed.low, disturbed.high]).toEqual([plain.low, plain.high])
  expect(disturbed.trials).toBeGreaterThan(plain.trials)
})

test('three invalid trials in a row end the search', async () => {
  const { reason, low, high, trials } = await found(() => invalid)
  expect({ reason, low, high, trials }).toEqual({
    reason: 'invalid trials',
    low: undefined,
    high: undefined,
    trials: 3,
  })
})

test('a target without a single response misses the objective, though its trials are invalid', async () => {
  const dead = { ok: 0, failed: { errors: 10 }, ...invalid }
  const { reason, low, high } = await found(() => dead)
  // Below 12 req/s the 1,000 requests of a p99 take longer than a tenth of the maximum time.
  expect({ reason, low, high }).toEqual({ reason: 'out of reach', low: undefined, high: 12 })
})

test('all objectives must be met: errors miss although responses are fast', async () => {
  const objectives = [objective('p99<20ms'), objective('errors<1%')]
  const failing = (rate: number) => (rate > 1000 ? { failed: { non2xx: 20 } } : {})
  const { high } = await found(failing, { objectives })
  expect(high).toBeGreaterThan(1000)
  expect(high).toBeLessThan(1050)
})

test('failed requests are slower than every objective', async () => {
  const { reason } = await found(() => ({ failed: { timeouts: 20 } }))
  expect(reason).toBe('out of reach')
})

test('the time limit ends the search with the interval found so far', async () => {
  // One more trial, of 3 s about, would not fit.
  const { reason, trials, low } = await found(kneeAt(3210), { maxSeconds: 1 })
  expect({ reason, trials, low }).toEqual({ reason: 'time', trials: 1, low: undefined })
})

test('a search that reaches its goal in its last second did not run out of time', async () => {
  const { trials } = await found(kneeAt(3210))
  const now = performance.now.bind(performance)
  let later = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now() + later)
  const slow = await found((rate, n) => {
    if (n === trials - 1) later = 900_000
    return kneeAt(3210)(rate)
  })
  expect(slow.reason).toBe('goal width')
})

test('an interrupted search keeps the interval found so far', async () => {
  const aborter = new AbortController()
  const give = (rate: number, n: number) => {
    if (n === 5) aborter.abort()
    return kneeAt(1e9)(rate)
  }
  const { reason, low } = await found(give, { signal: aborter.signal })
  expect(reason).toBe('interrupted')
  expect(low).toBeGreaterThanOrEqual(500)
})

test('an error after the first trial ends the search, and what was measured is kept', async () => {
  const failures: Error[] = []
  const give = (rate: number, n: number) => {
    if (n === 7) throw new UsageError('nothing listens on the URL', 'start it first')
    return kneeAt(1e9)(rate)
  }
  const found7 = await found(give, { onFailure: (error) => failures.push(error) })
  expect(found7).toMatchObject({
    ...{ reason: 'failed', failure: 'nothing listens on the URL', trials: 7 },
    low: expect.any(Number),
  })
  // The target was there before: that it is gone is no mistake of the user.
  expect(failures[0]).toBeInstanceOf(ProcessError)
})

test('a limit on every request is met only where the slowest is below it, and needs no estimate', async () => {
  const one = (rate: number) => ({
    latencies: [...Array<number>(999).fill(1000), rate > 3210 ? 30_000 : 19_000],
  })
  const { low = 0, high = 0, estimate } = await found(one, { objectives: [objective('max<20ms')] })
  expect([low <= 3210, high > 3210, estimate]).toEqual([true, true, undefined])
  const failing = await found(() => ({ failed: { errors: 1 } }), {
    objectives: [objective('max<20ms')],
  })
  expect(failing.reason).toBe('out of reach')
})

test('an error before the first trial is thrown', async () => {
  const failing = found(() => {
    throw new Error('the target died')
  })
  await expect(failing).rejects.toThrow('the target died')
})

test('the schedule bounds the trials of a search', async () => {
  const { maxTrials, maxSeconds } = searchBounds(plan, 500)
  const { trials } = await found(kneeAt(3210))
  expect(trials).toBeLessThanOrEqual(maxTrials)
  // A second each of warm-up and window, half a second of starting and stopping; 40 trials may have windows of five seconds.
  expect(maxSeconds).toBe(2.5 * maxTrials + 40 * 4)
})

test('windows are long enough for the percentile, and shorter at higher rates', async () => {
  const windows = new Map<number, number>()
  const runTrial: Session['runTrial'] = async ({ trial, rate = 0, plan: own }) => {
    if (trial.arm === 'calibration') return measurement({ also: { bins: binsOf(1e6) } })
    windows.set(rate, own.duration)
    return measurement({ arm: trial.arm, phase: 'latency', also: { rate }, ...kneeAt(900)(rate) })
  }
  await using session = await openTestSession(runTrial)
  const objectives = [objective('p99<20ms'), objective('p99.9<20ms')]
  await capacity({ ...{ plan, session, objectives, start: 500, maxSeconds: 900 }, onTrial() {} })
  // p99.9 needs 10,000 requests; the window of the plan is one second.
  expect(windows.get(500)).toBeCloseTo(20, 9)
  expect(windows.get(1000)).toBeCloseTo(10, 9)
})

test('where trials contradict each other near the edge, the edge is estimated from all of them', async () => {
  const random = seeded(4)
  // The fraction beyond the limit is 1 % at 1,000 req/s on average, and scatters by a factor of 2 from trial to trial.
  const noisy = (rate: number) => {
    const share = 0.01 * (rate / 1000) ** 12 * 4 ** (random() - 0.5)
    const slow = Math.min(1000, Math.round(1000 * share))
    return {
      latencies: [...Array<number>(1000 - slow).fill(1000), ...Array<number>(slow).fill(50_000)],
    }
  }
  const { estimate, reason, rates } = await found(noisy)
  expect(reason).toBe('goal width')
  expect(estimate?.low).toBeLessThan(1000)
  expect(estimate?.high).toBeGreaterThan(1000)
  expect((estimate?.high ?? 0) / (estimate?.low ?? 1)).toBeLessThan(1.07)
  expect(estimate?.trials).toBeGreaterThanOrEqual(15)
  expect(rates.length).toBeLessThan(100)
})

test('a step needs no estimate', async () => {
  expect(await found(kneeAt(3210))).not.toHaveProperty('estimate')
})
