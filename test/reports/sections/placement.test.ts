import { expect, test } from 'vitest'
import { reasonWords } from '../../../reports/sections/reasons.ts'
import { type PlacementOptions, place } from '../../../src/lab/cores.ts'

const cpus = (n: number) => Array.from({ length: n }, (_, i) => i)

/** The words for the placement of a target on such a host. */
function words(options: PlacementOptions): string {
  const { target, driver, backends } = place(options)
  const { cores: workers, external: targetElsewhere = false, pinningError } = options
  return reasonWords({
    code: 'placement',
    values: {
      ...{ target: [...target], driver: [...driver], backends: [...backends] },
      ...{ workers, targetElsewhere },
      ...(pinningError !== undefined && { notPinned: pinningError }),
    },
  })
}

test.for([
  [1, 1, 'target, driver and backends share CPU 0'],
  [2, 1, 'target on CPU 0; driver and backends share CPU 1'],
  [2, 2, 'target, driver and backends share CPUs 0-1'],
  [2, 8, 'target, driver and backends share CPUs 0-1, 8 workers on 2 CPUs: oversubscribed'],
  [4, 1, 'target on CPU 0; driver on CPUs 1-2, backends on CPU 3'],
] as const)('%i CPUs, %i workers: %s', ([n, cores, expected]) => {
  expect(words({ cpus: cpus(n), cores })).toBe(expected)
})

test.for([
  [1, 'driver and backends share CPU 0; the target runs where it was started'],
  [2, 'driver and backends share CPU 1; the target runs where it was started'],
  [4, 'driver on CPUs 1-2, backends on CPU 3; the target runs where it was started'],
] as const)('a target that runs already is not placed: %i CPUs', ([n, expected]) => {
  expect(words({ cpus: cpus(n), cores: 1, external: true })).toBe(expected)
})

test('where pinning is impossible, the reason is named', () => {
  const pinningError = 'taskset (package util-linux) is not installed'
  expect(words({ cpus: cpus(8), cores: 2, pinningError })).toBe(
    `not pinned (${pinningError}); all share CPUs 0-7`,
  )
})

test('CPUs have the numbers of the host', () => {
  expect(words({ cpus: [2, 3, 7, 9], cores: 2 })).toBe(
    'target on CPUs 2-3; driver on CPU 7, backends on CPU 9',
  )
})
