import { expect, test } from 'vitest'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import { hinge, kneeError } from '../../../src/stats/regression/hinge.ts'

/** A curve without noise at 1 to 100. */
const curve = (knee: number, slope: number) =>
  Array.from({ length: 100 }, (_, i) => {
    const offered = i + 1
    return { offered, achieved: offered <= knee ? offered : knee + slope * (offered - knee) }
  })

test.for([
  [40, 0],
  [72.5, 0.3],
  [30.25, -0.5],
] as const)('a knee at %d with slope %d is found', ([knee, slope]) => {
  const found = hinge(curve(knee, slope))
  expect(found?.knee).toBeCloseTo(knee, 1)
  expect(found?.slope).toBeCloseTo(slope, 1)
})

test('a line without a knee has it at its end, and too few points have none', () => {
  expect(hinge(curve(200, 0))?.knee).toBeCloseTo(100, 6)
  expect(hinge(curve(4, 0).slice(0, 7))).toBeUndefined()
})

test('the knee lies within three standard errors in 99 of 100 curves with noise as of counts', () => {
  const random = gaussian(seeded(5))
  let outside = 0
  for (let run = 0; run < 100; run++) {
    const points = curve(50, 0).map(({ offered, achieved }) => ({
      offered,
      achieved: achieved + 0.3 * random() * Math.sqrt(achieved),
    }))
    const error = kneeError(points) as number
    expect(error).toBeLessThan(5)
    if (Math.abs((hinge(points)?.knee as number) - 50) > 3 * error) outside++
  }
  expect(outside).toBeLessThanOrEqual(3)
})
