import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { type ChangeCriteria, changePoints } from '../../../src/stats/series/change-points.ts'
import { bestSplit } from '../../../src/stats/series/e-divisive.ts'
import { gaussian } from '../gaussian.ts'

/** Data of other projects under their own licences: read where they are, never copied. */
const file = join(import.meta.dirname, '../../../shared/cases/stats/changepoint.json')

interface Options {
  readonly max_pvalue?: number
  readonly min_magnitude?: number
  readonly window?: number
}

interface Vector {
  readonly id: string
  readonly series: readonly number[] | string
  readonly expected?: readonly number[]
  readonly options?: Options
  readonly accept?: readonly (readonly number[])[]
  readonly otava_t_test_gives?: readonly number[]
  readonly with_min_magnitude_0_2?: readonly number[]
  readonly expected_by_option?: readonly (Options & { idx: readonly number[] })[]
  readonly tolerance_index?: number
  readonly qhat_first?: number
  readonly first_candidate?: number
}

/** `[0]*1000+[1]*1000`, or the numbers themselves. */
function seriesOf({ series }: Vector): number[] {
  if (typeof series !== 'string') return [...series]
  return [...series.matchAll(/\[(\d+)\]\*(\d+)/g)].flatMap(([, value, times]) =>
    Array.from({ length: Number(times) }, () => Number(value)),
  )
}

function criteria({ max_pvalue, min_magnitude, window }: Options): ChangeCriteria {
  return {
    ...(max_pvalue !== undefined && { maxP: max_pvalue }),
    ...(min_magnitude !== undefined && { minMagnitude: min_magnitude }),
    ...(window !== undefined && { window }),
  }
}

/** Each series with each set of options, and the answers that are right. */
function rows(vectors: readonly Vector[]) {
  return vectors.flatMap((vector) => {
    const { id, options = {}, expected = [], tolerance_index: tolerance = 0 } = vector
    const right = vector.accept ?? [vector.otava_t_test_gives ?? expected]
    const sets: { options: Options; right: readonly (readonly number[])[] }[] =
      vector.expected_by_option?.map((set) => ({ options: set, right: [set.idx] })) ?? [
        { options: {}, right },
      ]
    const quiet = vector.with_min_magnitude_0_2
    if (quiet) sets.push({ options: { min_magnitude: 0.2 }, right: [quiet] })
    return sets.map((set, i) => ({
      name: `${id} ${i + 1}`,
      series: seriesOf(vector),
      criteria: criteria({ ...options, ...set.options }),
      right: set.right,
      tolerance,
    }))
  })
}

function indices(series: readonly number[], given?: ChangeCriteria): number[] {
  return changePoints(series, given).map(({ index }) => index)
}

if (existsSync(file)) {
  const vectors: readonly Vector[] = JSON.parse(readFileSync(file, 'utf8')).vectors

  describe('finds what the published method finds', () => {
    test.for(rows(vectors))('$name', ({ series, criteria: given, right, tolerance }) => {
      const found = indices(series, given)
      const fits = right.some(
        (one) =>
          one.length === found.length &&
          one.every((index, i) => Math.abs(index - (found[i] as number)) <= tolerance),
      )
      expect(fits, `${found} is none of ${right.join(' | ')}`).toBe(true)
    })

    test.for(vectors.filter(({ qhat_first }) => qhat_first !== undefined))('$id: q̂', (vector) => {
      const split = bestSplit(seriesOf(vector))
      expect(split?.index).toBe(vector.first_candidate)
      expect(split?.energy).toBeCloseTo(vector.qhat_first ?? 0, 9)
    })
  })
} else {
  test.skip(
    'finds what the published method finds (skipped: its data are not beside this repository)',
  )
}

/** Levels of a series, so many values each, with noise of the SD given. */
function steps(levels: readonly [number, number][], noise: number, seed = 1): number[] {
  const normal = gaussian(seeded(seed))
  return levels.flatMap(([level, times]) =>
    Array.from({ length: times }, () => level * (1 + noise * normal())),
  )
}

test('a step of 10 % in noise of 1 % is found at its position, with its size', () => {
  const [found, ...others] = changePoints(
    steps(
      [
        [100, 20],
        [110, 20],
      ],
      0.01,
    ),
  )
  expect(others).toEqual([])
  expect(found?.index).toBe(20)
  expect(found?.before).toBeCloseTo(100, 0)
  expect(found?.after).toBeCloseTo(110, 0)
  expect(found?.magnitude).toBeCloseTo(0.1, 1)
  expect(found?.p).toBeLessThan(1e-9)
})

test('a step up and a step down are two changes', () => {
  expect(
    indices(
      steps(
        [
          [100, 15],
          [120, 15],
          [100, 15],
        ],
        0.01,
      ),
    ),
  ).toEqual([15, 30])
})

test('changes are found in every window of a long series', () => {
  const levels = [100, 120, 100, 80, 100].map((level): [number, number] => [level, 60])
  expect(indices(steps(levels, 0.005), { minMagnitude: 0.02 })).toEqual([60, 120, 180, 240])
})

test('a change below the minimum magnitude is not reported', () => {
  const small = steps(
    [
      [100, 20],
      [103, 20],
    ],
    0.002,
  )
  expect(indices(small)).toEqual([20])
  expect(indices(small, { minMagnitude: 0.05 })).toEqual([])
})

test('noise alone has a change point in few series', () => {
  let alarms = 0
  for (let seed = 0; seed < 200; seed++) {
    if (changePoints(steps([[100, 60]], 0.03, seed)).length > 0) alarms++
  }
  // The split is chosen to differ most, so 2.9 % of such series have one: 5.8 expected, SD 2.4.
  expect(alarms).toBeLessThanOrEqual(15)
})

test('too short or constant a series has none', () => {
  for (const series of [[], [1], [1, 2], Array.from({ length: 40 }, () => 0.1)]) {
    expect(indices(series)).toEqual([])
  }
})

test('one value that lies apart is no change of level, a second one is', () => {
  const level = [50, 50.5, 49.5, 50, 50.2, 49.9, 50.1, 49.8]
  expect(changePoints([...level, 75])).toEqual([])
  expect(changePoints([...level, 75, 75.4, 74.8]).map(({ index }) => index)).toEqual([8])
})
