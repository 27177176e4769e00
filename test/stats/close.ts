import { expect } from 'vitest'

/** What the cases ask for: 1e-7 relative unless a vector says otherwise. */
const tolerance = 1e-7

/** Expects `found` to be `right` within a relative tolerance; absolute where `right` is 0. */
export function expectClose(found: number, right: number, relative = tolerance): void {
  const error = right === 0 ? Math.abs(found) : Math.abs(found / right - 1)
  expect(error, `${found} is not ${right}`).toBeLessThanOrEqual(relative)
}
