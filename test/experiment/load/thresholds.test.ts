import { describe, expect, test } from 'vitest'
import {
  evaluateThresholds,
  watchThresholds,
} from '../../../src/experiment/load/watch-thresholds.ts'
import { loadThreshold } from '../../../src/plan/thresholds/load-threshold.ts'
import type { LoadSample } from '../../../src/result/load-sample.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { counts, sample } from './load-samples.ts'

const stages = [
  { name: 'up', seconds: 1, model: 'open', from: 0, to: 100 },
  { name: 'hold', seconds: 9, model: 'open', from: 100, to: 100 },
] as const

const read = (text: string) =>
  loadThreshold({ text, source: '--threshold' }, { stages, steps: ['list', 'buy'] })

/** A run of 10 s in samples of 100 ms; `happened` of each, by its number from 1. */
function run(happened: (bin: number) => Parameters<typeof sample>[1]): LoadSample[] {
  return Array.from({ length: 100 }, (_, i) =>
    sample((i + 1) * 100, happened(i + 1), { stage: i < 10 ? 0 : 1 }),
  )
}

function outcome(text: string, samples: readonly LoadSample[], invalidStages: number[] = []) {
  return evaluateThresholds([read(text)], { stages, samples, invalidStages })[0]
}

const times = (ms: number, n: number) => Array.from({ length: n }, () => ms)

/** 1,000 requests of 10 ms in 20 samples, of which a tenth takes 90 ms in every `nth` sample. */
const slowIn = (nth: number) =>
  Array.from({ length: 20 }, (_, i) => {
    const slow = i % nth === 0 ? 5 : 0
    const happened = { times: [...times(90, slow), ...times(10, 50 - slow)] }
    return sample((i + 1) * 500, happened, { stage: i < 2 ? 0 : 1 })
  })

describe('percentiles have the interval between order statistics', () => {
  test.for([
    ['p95 < 50ms', 2, 'inconclusive', 'around-limit'],
    ['p95 < 50ms', 4, 'pass', 'interval'],
    ['p95 < 50ms', 1, 'fail', 'interval'],
    ['p99 < 50ms', 1, 'fail', 'interval'],
    ['p99 < 100ms', 1, 'pass', 'interval'],
    ['p99.9 < 50ms', 5, 'fail', 'interval'],
    ['p99.9 < 100ms', 1, 'inconclusive', 'too-few-requests'],
  ] as const)('%s, one in ten is slow in one of %d samples: %s', ([text, nth, expected, why]) => {
    expect(outcome(text, slowIn(nth))).toMatchObject({ outcome: expected, why, n: 1000 })
  })

  test('its ends are times that were measured', () => {
    const { low, high, value, unit, confidence } = outcome('p95 < 50ms', slowIn(2)) ?? {}
    expect({ unit, confidence }).toEqual({ unit: 's', confidence: 0.95 })
    expect(low).toBeCloseTo(0.01, 4)
    expect(high).toBeCloseTo(0.09, 4)
    expect([0.01, 0.09].some((one) => Math.abs(one - (value as number)) < 1e-4)).toBe(true)
  })

  test('a failed request is slower than every response', () => {
    const samples = run(() => ({ times: times(10, 9), failed: 1 }))
    const found = outcome('p95 < 50ms', samples)
    expect(found).toMatchObject({ outcome: 'fail', n: 1000 })
    expect(found).not.toHaveProperty('value')
  })
})

describe('fractions are exact', () => {
  test.for([
    ['errors < 0.1%', 0, 'inconclusive'],
    ['errors < 1%', 0, 'pass'],
    ['errors < 1%', 10, 'inconclusive'],
    ['errors < 1%', 30, 'fail'],
    ['errors <= 0', 0, 'pass'],
    ['errors <= 0', 1, 'fail'],
    ['max < 50ms', 0, 'pass'],
    ['max < 50ms', 1, 'fail'],
    ['max < 10ms', 0, 'fail'],
  ] as const)('%s with %d failed of 1,000: %s', ([text, failed, expected]) => {
    const samples = run((bin) => {
      const own = bin <= failed ? 1 : 0
      return { times: times(10.5, 10 - own), failed: own }
    })
    expect(outcome(text, samples)).toMatchObject({ outcome: expected, n: 1000 })
  })

  test.for([
    ['checks > 99%', 0, 'pass'],
    ['checks > 99%', 10, 'inconclusive'],
    ['checks > 99%', 40, 'fail'],
    ['checks >= 100%', 0, 'pass'],
    ['checks >= 100%', 1, 'fail'],
  ] as const)('%s with %d failed of 1,000: %s', ([text, failed, expected]) => {
    const samples = run((bin) => {
      const own = bin <= failed ? 1 : 0
      return { times: times(10, 5), checks: { passed: 10 - own, failed: own } }
    })
    expect(outcome(text, samples)).toMatchObject({ outcome: expected, n: 1000 })
  })

  test('the interval is that of Clopper and Pearson', () => {
    const found = outcome(
      'errors < 1%',
      run((bin) => ({ times: times(1, 9), failed: bin % 2 })),
    )
    // 50 of 950, by SciPy.
    expect(found).toMatchObject({ unit: 'fraction', limit: 0.01, confidence: 0.95 })
    expect(found?.low).toBeCloseTo(0.03931308200023826, 9)
    expect(found?.high).toBeCloseTo(0.06880260797518499, 9)
  })
})

test.for([
  ['rate > 95/s', 'pass', 100],
  ['rate > 95/s @ up', 'pass', 100],
  ['rate > 101/s @ hold', 'fail', 100],
  ['requests >= 900 @ hold', 'pass', 900],
  ['mean < 12ms', 'pass', 0.01],
  ['mean < 9ms', 'fail', 0.01],
  ['min < 50ms', 'pass', 0.01],
] as const)('%s: %s', ([text, expected, value]) => {
  const found = outcome(
    text,
    run(() => ({ times: times(10, 10) })),
  )
  expect(found?.outcome).toBe(expected)
  expect((found?.value as number) / value).toBeCloseTo(1, 2)
})

test('a stage and a step are judged alone', () => {
  const samples = run((bin) => ({ times: times(bin <= 10 ? 90 : 10, 10) })).map((one) => ({
    ...one,
    steps: { list: counts({ times: times(20, 5) }), buy: counts({ times: times(200, 5) }) },
  }))
  expect(outcome('p99 < 50ms @ hold', samples)).toMatchObject({ outcome: 'pass', n: 900 })
  expect(outcome('p50 < 50ms @ up', samples)).toMatchObject({ outcome: 'fail', n: 100 })
  expect(outcome('p99 of list < 50ms', samples)).toMatchObject({ outcome: 'pass', n: 500 })
  expect(outcome('p99 of buy < 50ms', samples)).toMatchObject({ outcome: 'fail', n: 500 })
  expect(outcome('rate of list > 49/s', samples)).toMatchObject({ outcome: 'pass', value: 50 })
})

test('a stage that was not sent as planned decides nothing, and one without requests neither', () => {
  const samples = run(() => ({ times: times(10, 10) }))
  expect(outcome('p90 < 50ms @ hold', samples, [1])).toMatchObject({
    ...{ outcome: 'invalid', why: 'stage-invalid' },
  })
  expect(outcome('p90 < 50ms @ up', samples, [1])?.outcome).toBe('pass')
  expect(outcome('p90 < 50ms', samples, [1])?.outcome).toBe('invalid')
  expect(outcome('p90 < 50ms @ hold', samples.slice(0, 10))).toMatchObject({
    ...{ outcome: 'inconclusive', why: 'nothing-measured', n: 0 },
  })
})

test('where a run was cut short, a failure is one, and a pass is none', () => {
  const cut = { invalidStages: [1], isCutShort: true }
  const good = run(() => ({ times: times(10, 10) })).slice(0, 50)
  const of = (text: string) =>
    evaluateThresholds([read(text)], { stages, samples: good, ...cut })[0]
  expect(of('p90 < 50ms @ hold')).toMatchObject({ outcome: 'inconclusive', why: 'cut-short' })
  expect(of('p90 < 5ms @ hold')?.outcome).toBe('fail')
  expect(of('p90 < 50ms @ up')?.outcome).toBe('pass')
})

test('metrics of a script have their own units', () => {
  const trend = histogram()
  for (let i = 1; i <= 1000; i++) trend.record(i * 1e3)
  const metrics = {
    waiting: { kind: 'trend', count: 1000, sum: 500_500, last: 7, trend: trend.encode() },
    orders: { kind: 'counter', count: 5, sum: 12, last: 2 },
    logins: { kind: 'rate', count: 1000, sum: 990, last: 1 },
    queue: { kind: 'gauge', count: 9, sum: 90, last: 8 },
  } as const
  const kinds = {
    waiting: 'trend',
    orders: 'counter',
    logins: 'rate',
    queue: 'gauge',
    none: 'counter',
  } as const
  const of = (text: string) => {
    const names = { stages, steps: undefined, metrics: kinds }
    const threshold = loadThreshold({ text, source: '--threshold' }, names)
    return evaluateThresholds([threshold], { stages, samples: [], metrics })[0]
  }
  const p95 = of('p95 of waiting < 980')
  expect(p95).toMatchObject({ outcome: 'pass', unit: 'count', n: 1000 })
  expect((p95?.value as number) / 950).toBeCloseTo(1, 2)
  expect(of('p95 of waiting < 955')?.outcome).toBe('inconclusive')
  expect(of('max of waiting < 900')?.outcome).toBe('fail')
  expect(of('orders >= 12')).toMatchObject({ outcome: 'pass', value: 12 })
  expect(of('rate of orders > 1/s')).toMatchObject({ outcome: 'pass', unit: 'req/s', value: 1.2 })
  expect(of('rate of none < 1/s')).toMatchObject({ outcome: 'pass', value: 0 })
  expect(of('none > 0')).toMatchObject({ outcome: 'fail', value: 0 })
  expect(of('logins > 95%')).toMatchObject({ outcome: 'pass', unit: 'fraction' })
  expect(of('logins > 99%')?.outcome).toBe('inconclusive')
  expect(of('queue < 9')).toMatchObject({ outcome: 'pass', value: 8 })
})

describe('windows slide over the samples', () => {
  /** All requests of a second fail, across two windows that do not overlap. */
  const stalled = run((bin) => (bin > 45 && bin <= 55 ? { failed: 10 } : { times: times(10, 10) }))

  test('a second of failures is seen wherever it lies', () => {
    expect(outcome('errors < 30% over 1s', stalled)).toMatchObject({
      ...{ outcome: 'fail', why: 'window', value: 1, n: 100 },
      window: { fromMs: 4500, toMs: 5500 },
    })
    expect(outcome('errors < 30%', stalled)?.outcome).toBe('pass')
  })

  test('windows of a stage hold nothing of the others', () => {
    expect(outcome('errors < 30% over 500ms @ up', stalled)?.outcome).toBe('pass')
  })

  test('one failure beyond the limit is within chance', () => {
    const samples = run((bin) => ({
      times: times(10, bin === 50 ? 9 : 10),
      failed: bin === 50 ? 1 : 0,
    }))
    expect(outcome('errors < 0.1% over 5s', samples)).toMatchObject({
      ...{ outcome: 'inconclusive', why: 'window-by-chance', value: 1 / 500 },
    })
    expect(outcome('errors < 1% over 5s', samples)).toMatchObject({
      outcome: 'pass',
      why: 'windows',
    })
  })

  test('a percentile is judged by the requests beyond its limit', () => {
    expect(outcome('p90 < 50ms over 1s', slowIn(1))?.outcome).toBe('pass')
    const burst = run((bin) => ({ times: times(bin > 70 && bin <= 75 ? 90 : 10, 10) }))
    expect(outcome('p90 < 50ms over 1s', burst)).toMatchObject({
      ...{ outcome: 'fail', unit: 'fraction', limit: 0.1, value: 0.5 },
    })
    expect(outcome('p90 < 50ms', burst)?.outcome).toBe('pass')
  })

  test('a rate holds in every window', () => {
    const pause = run((bin) => ({ times: times(10, bin > 50 && bin <= 55 ? 0 : 10) }))
    expect(outcome('rate > 95/s over 2s', pause)).toMatchObject({ outcome: 'fail', value: 75 })
    expect(outcome('rate > 94/s', pause)?.outcome).toBe('pass')
  })

  test('responses after the end of a stage belong to its end', () => {
    const late = [
      ...run(() => ({ times: times(10, 10) })).slice(0, 10),
      sample(3000, { failed: 3 }, { stage: 0, sent: 0 }),
    ]
    expect(outcome('errors < 50% over 500ms @ up', late)?.outcome).toBe('pass')
  })
})

describe('the early end', () => {
  const broken = run(() => ({ times: times(10, 8), failed: 2 }))

  function stoppedAt(texts: readonly string[], samples: readonly LoadSample[]) {
    const watch = watchThresholds(texts.map(read), { stages })
    for (const one of samples) {
      watch.add(one)
      if (watch.stoppedBy) return { atMs: one.atMs, watch }
    }
    return { atMs: undefined, watch }
  }

  test.for([
    'errors < 1% !',
    'p95 < 50ms !',
    'errors < 1% over 1s !',
    'max < 1s !',
    'errors < 1% @ hold !',
  ])('%s ends a broken run before half of it', (text) => {
    const { atMs, watch } = stoppedAt(['p50 < 1s', text], broken)
    expect(atMs).toBeLessThan(5000)
    expect(watch.stoppedBy?.text).toBe(text)
    expect(watch.outcomes()[1]).toMatchObject({ outcome: 'fail', why: 'stopped-early' })
  })

  test('without ! nothing ends, and a good run does not', () => {
    expect(stoppedAt(['errors < 1%', 'max < 1s'], broken).atMs).toBeUndefined()
    const good = run(() => ({ times: times(10, 10) }))
    expect(
      stoppedAt(['errors < 1% !', 'max < 1s !', 'errors < 1% over 1s !'], good).atMs,
    ).toBeUndefined()
  })
})

test('while it runs, the interval is the wider one that holds at any time', () => {
  const [text, samples] = [
    'errors < 1%',
    run((bin) => ({ times: times(1, 9), failed: bin % 2 })),
  ] as const
  const watch = watchThresholds([read(text)], { stages })
  expect(watch.soFar()[0]).toMatchObject({ outcome: 'inconclusive', why: 'nothing-measured' })
  for (const one of samples) watch.add(one)
  const [always, once] = [watch.soFar()[0], watch.outcomes()[0]]
  expect(always?.low).toBeLessThan(once?.low as number)
  expect(always?.high).toBeGreaterThan(once?.high as number)
})
