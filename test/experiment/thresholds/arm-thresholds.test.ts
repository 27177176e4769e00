import { expect, test } from 'vitest'
import { armThresholds } from '../../../src/experiment/thresholds/arm-thresholds.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

const request = (name: string) => ({
  ...({ kind: 'request', name, method: 'GET', url: `/${name}` } as const),
  ...{ headers: {}, checks: [], captures: {} },
})

const times = (micros: number, count = 1000) => {
  const latency = histogram()
  for (let i = 0; i < count; i++) latency.record(micros)
  return latency.encode()
}

const control = { name: 'direct', target: 'direct', algorithm: 'none', cores: 1 }

const planWith = (thresholds: string[]) =>
  planOf([arm('a'), arm('b'), control], {
    ...{ phases: ['latency'], control: 'direct', thresholds },
    visits: {
      journeys: [{ name: 'one', weight: 1, steps: [request('list'), request('item')] }],
      data: {},
    },
  })

/** Trials of arm `a`: 1,000 lists in 10 ms, 20 of them failed beside; 1,000 items in 50 ms. */
const ofA = [0, 1].map((block) =>
  measurement({
    ...{ arm: 'a', block, phase: 'latency', ok: 2000, failed: { non2xx: 20 } },
    latencies: [...Array<number>(1000).fill(10_000), ...Array<number>(1000).fill(50_000)],
    also: {
      visits: {
        ...{ began: 1020, finished: 1000, cut: 20 },
        steps: {
          list: {
            ...{ ok: 1000, failed: { 'status 500': 20 }, latency: times(10_000) },
            checks: { 'status is 200': { passed: 1000, failed: 20 } },
          },
          item: { ok: 1000, failed: {}, checks: {}, latency: times(50_000) },
        },
      },
    },
  }),
)

test('each arm meets or misses each threshold by all its valid trials, of all requests or of a step', () => {
  const found = armThresholds(
    planWith([
      'p50 of list < 20ms',
      'p50 of item < 20ms',
      'p95 < 1s',
      'errors < 5%',
      'errors of list < 1%',
      'checks > 90%',
      'rate > 500/s',
      'requests > 4000',
    ]),
    ofA,
  )
  // The control has none.
  expect([...new Set(found.map(({ arm: name }) => name))]).toEqual(['a', 'b'])
  const outcomes = found
    .filter((one) => one.arm === 'a')
    .map(({ threshold, outcome }) => [threshold, outcome])
  expect(outcomes).toEqual([
    ['p50 of list < 20ms', 'pass'],
    ['p50 of item < 20ms', 'fail'],
    ['p95 < 1s', 'pass'],
    ['errors < 5%', 'pass'],
    ['errors of list < 1%', 'fail'],
    ['checks > 90%', 'pass'],
    ['rate > 500/s', 'pass'],
    ['requests > 4000', 'pass'],
  ])
  const of = (text: string) => found.find(({ threshold }) => threshold === text)
  expect(of('rate > 500/s')?.value).toBe(1020)
  expect(of('checks > 90%')?.value).toBeCloseTo(1000 / 1020, 6)
  expect(of('errors of list < 1%')?.value).toBeCloseTo(20 / 1020, 6)
})

test('an arm without a valid trial has met none of them', () => {
  const [first] = ofA
  const invalid = first && { ...first, verdict: { ...first.verdict, valid: false } }
  expect(armThresholds(planWith(['p99 < 1s']), invalid ? [invalid] : [])).toMatchObject([
    { arm: 'a', outcome: 'invalid', why: 'no-valid-trial', n: 0 },
    { arm: 'b', outcome: 'invalid', why: 'no-valid-trial', n: 0 },
  ])
})

test('without journeys the only step is the request', () => {
  const { visits: _, ...plan } = planWith(['p50 < 20ms', 'p50 of "GET /" < 5ms'])
  const trial = measurement({ arm: 'a', phase: 'latency', latencies: Array(1000).fill(10_000) })
  expect(
    armThresholds(plan, [trial])
      .filter(({ arm: name }) => name === 'a')
      .map(({ outcome }) => outcome),
  ).toEqual(['pass', 'fail'])
})
