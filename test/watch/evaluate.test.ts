import { describe, expect, test } from 'vitest'
import { latencyBounds } from '../../src/balancer/admin/worker-metrics.ts'
import { seeded } from '../../src/kit/random.ts'
import { evaluate } from '../../src/watch/evaluate.ts'
import { histogramQuantile } from '../../src/watch/histogram-quantile.ts'
import { readMetrics } from '../../src/watch/read-metrics.ts'

/** A reading at each of these seconds. */
const scrapes = (texts: Readonly<Record<number, string>>) =>
  Object.entries(texts).map(([at, text]) => ({ at: Number(at), samples: readMetrics(text) }))

const values = (...args: Parameters<typeof evaluate>) =>
  evaluate(...args).map(({ labels, value }) => [Object.values(labels).join(), value])

describe('rates', () => {
  const rate = { kind: 'rate', metric: 'a' } as const

  test('are per second of the whole time, of series or of their sums', () => {
    const read = scrapes({
      10: 'a{x="1",y="p"} 5\na{x="2",y="p"} 0',
      12: 'a{x="1",y="p"} 25\na{x="2",y="p"} 4\na{x="3",y="q"} 8',
    })
    // Series 3 is new: it has begun at 0.
    expect(values(rate, read)).toEqual([
      ['1,p', 10],
      ['2,p', 2],
      ['3,q', 4],
    ])
    expect(values({ ...rate, sum: ['y'] }, read)).toEqual([
      ['p', 12],
      ['q', 4],
    ])
    expect(values({ ...rate, sum: [] }, read)).toEqual([['', 16]])
    expect(values({ ...rate, sum: [], where: { x: '1' } }, read)).toEqual([['', 10]])
  })

  test('a counter that goes back has begun at 0 again, and what it counted before is kept', () => {
    const read = scrapes({ 0: 'a 100', 1: 'a 130', 2: 'a 4', 3: 'a 6' })
    expect(values(rate, read)).toEqual([['', (30 + 4 + 2) / 3]])
  })

  test('one reading gives none, and NaN is no value', () => {
    expect(values(rate, scrapes({ 0: 'a 1' }))).toEqual([['', null]])
    expect(values({ ...rate, sum: [] }, scrapes({ 0: 'a 1', 1: 'a NaN' }))).toEqual([['', null]])
    expect(values(rate, [])).toEqual([])
  })
})

test('levels are those of the last reading', () => {
  const read = scrapes({ 0: 'a{w="0"} 1', 1: 'a{w="0"} 2\na{w="1"} 3' })
  expect(values({ kind: 'level', metric: 'a' }, read)).toEqual([
    ['0', 2],
    ['1', 3],
  ])
  expect(values({ kind: 'level', metric: 'a', sum: [] }, read)).toEqual([['', 5]])
})

test('a share has no value without requests, and is 0 where its part has no series', () => {
  const share = (where: Record<string, string>) =>
    ({
      kind: 'share',
      part: { kind: 'rate', metric: 'a', sum: [], where },
      of: { kind: 'rate', metric: 'a', sum: [] },
    }) as const
  const read = scrapes({ 0: 'a{c="2"} 0\na{c="5"} 0', 1: 'a{c="2"} 6\na{c="5"} 2' })
  expect(values(share({ c: '5' }), read)).toEqual([['', 0.25]])
  expect(values(share({ c: '4' }), read)).toEqual([['', 0]])
  expect(values(share({ c: '5' }), read.slice(0, 1))).toEqual([['', null]])
})

describe('quantiles', () => {
  test('are those of Prometheus: linear within a bucket, its highest bound above all', () => {
    const inf = Number.POSITIVE_INFINITY
    const buckets = [
      { le: inf, count: 100 },
      { le: 1, count: 50 },
      { le: 2, count: 90 },
    ]
    expect(histogramQuantile(0.25, buckets)).toBe(0.5)
    expect(histogramQuantile(0.7, buckets)).toBe(1.5)
    expect(histogramQuantile(0.99, buckets)).toBe(2)
    expect(histogramQuantile(0.5, buckets.slice(1))).toBeNull()
    expect(histogramQuantile(0.5, [{ le: inf, count: 0 }])).toBeNull()
    expect(histogramQuantile(0.5, [])).toBeNull()
    // A bucket that was read before a smaller one.
    const late = [
      { le: 1, count: 5 },
      { le: 2, count: 4 },
      { le: inf, count: 6 },
    ]
    expect(histogramQuantile(0.5, late)).toBeCloseTo(0.6)
  })

  test.for([1, 2, 3, 4, 5])('p50, p95 and p99 are in the bucket of the truth: seed %i', (seed) => {
    const random = seeded(seed)
    const times = Array.from({ length: 2000 }, () => 0.0002 * Math.exp(8 * random()))
    const before = Array.from({ length: 500 }, () => 3 * random())
    const metric = 'lb_request_duration_seconds'
    const textOf = (all: readonly number[]) =>
      [...latencyBounds, Number.POSITIVE_INFINITY]
        .map((le) => {
          const bound = le === Number.POSITIVE_INFINITY ? '+Inf' : le
          return `${metric}_bucket{le="${bound}"} ${all.filter((one) => one <= le).length}`
        })
        .join('\n')
    const read = scrapes({ 0: textOf(before), 4: textOf([...before, ...times]) })
    const bucketOf = (value: number) => latencyBounds.findIndex((bound) => value <= bound)
    const sorted = times.toSorted((a, b) => a - b)
    for (const q of [0.5, 0.95, 0.99]) {
      const truth = sorted[Math.ceil(q * sorted.length) - 1] as number
      const [[, shown] = []] = values({ kind: 'quantile', metric, q }, read)
      expect(bucketOf(shown as number)).toBe(bucketOf(truth))
    }
  })
})
