import { expect, test } from 'vitest'
import { cosineOfTurn, exp, log, log1p } from '../../src/kit/portable-math.ts'
import { seeded } from '../../src/kit/random.ts'

/** The largest error of `of`, in units of 2^-53 of the value that Math has, over many numbers. */
function worst(
  of: (x: number) => number,
  reference: (x: number) => number,
  draw: (random: () => number) => number,
): number {
  const random = seeded(1)
  let largest = 0
  for (let i = 0; i < 20_000; i++) {
    const x = draw(random)
    const [value, other] = [of(x), reference(x)]
    const error = value === other ? 0 : Math.abs(value - other) / Math.abs(other) / 2 ** -53
    largest = Math.max(largest, error)
  }
  return largest
}

/** A number of any size. */
const anySize = (random: () => number) => random() * 2 ** Math.floor(600 * random() - 300)

test('within two units of 2^-53 of the functions of the engine', () => {
  expect(worst(log, Math.log, anySize)).toBeLessThanOrEqual(2)
  expect(worst(log, Math.log, (random) => 1 - random())).toBeLessThanOrEqual(2)
  expect(worst(log1p, Math.log1p, anySize)).toBeLessThanOrEqual(2)
  expect(worst(log1p, Math.log1p, (random) => -random())).toBeLessThanOrEqual(2)
  expect(worst(exp, Math.exp, (random) => 1400 * random() - 700)).toBeLessThanOrEqual(2)
  expect(worst(exp, Math.exp, (random) => random() - 0.5)).toBeLessThanOrEqual(2)
})

test('the cosine of a turn is within 2^-49 of that of the engine, whose angle is rounded', () => {
  const random = seeded(1)
  for (let i = 0; i < 20_000; i++) {
    const turn = random()
    expect(Math.abs(cosineOfTurn(turn) - Math.cos(2 * Math.PI * turn))).toBeLessThan(2 ** -49)
  }
  expect([0, 0.25, 0.5, 0.75, 1].map(cosineOfTurn)).toEqual([1, 0, -1, 0, 1])
})

test('special values', () => {
  expect([log(0), log(1), log(2), log(5e-324), log(Number.POSITIVE_INFINITY)]).toEqual([
    Number.NEGATIVE_INFINITY,
    0,
    Math.LN2,
    Math.log(5e-324),
    Number.POSITIVE_INFINITY,
  ])
  expect([log(Number.MAX_VALUE), log(2 ** -1022)]).toEqual([
    Math.log(Number.MAX_VALUE),
    Math.log(2 ** -1022),
  ])
  expect(exp(Number.NaN)).toBe(Number.NaN)
  expect([log(-1), log(Number.NaN)]).toEqual([Number.NaN, Number.NaN])
  expect([exp(0), exp(-800), exp(800), exp(Number.NEGATIVE_INFINITY)]).toEqual([
    1,
    0,
    Number.POSITIVE_INFINITY,
    0,
  ])
  expect(exp(-740) / Math.exp(-740)).toBeCloseTo(1, 2)
  expect(exp(709.5) / Math.exp(709.5)).toBeCloseTo(1, 12)
  expect([log1p(0), log1p(1e-300), log1p(1)]).toEqual([0, 1e-300, Math.LN2])
})

test('the same bits on every machine', () => {
  const random = seeded(5)
  const bytes = new DataView(new ArrayBuffer(8))
  // FNV-1a over the bits of all results.
  let hash = 0x811c9dc5
  for (let i = 0; i < 5000; i++) {
    const [x, u] = [1000 * random(), random()]
    for (const value of [log(x), log1p(x), exp(20 * u - 10), cosineOfTurn(u)]) {
      bytes.setFloat64(0, value)
      for (let at = 0; at < 8; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x01000193)
    }
  }
  expect(hash >>> 0).toBe(1_190_613_153)
})
