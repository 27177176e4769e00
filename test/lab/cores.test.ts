import { expect, test } from 'vitest'
import { place } from '../../src/lab/cores.ts'

const cpus = (n: number) => Array.from({ length: n }, (_, i) => i)

test('on one CPU all roles share it', () => {
  expect(place({ cpus: [0], cores: 1 })).toEqual({
    target: [0],
    driver: [0],
    backends: [0],
    shared: { target: true, driver: true, backends: true },
    oversubscribed: false,
    pinned: true,
    description: 'target, driver and backends share CPU 0',
  })
})

test('on two CPUs a target with one worker has its own, and the description says who shares the other', () => {
  expect(place({ cpus: cpus(2), cores: 1 })).toMatchObject({
    target: [0],
    driver: [1],
    backends: [1],
    shared: { target: false, driver: true, backends: true },
    description: 'target on CPU 0; driver and backends share CPU 1',
  })
})

test('a target that needs every CPU shares them all, without being oversubscribed', () => {
  expect(place({ cpus: cpus(2), cores: 2 })).toMatchObject({
    target: [0, 1],
    shared: { target: true, driver: true, backends: true },
    oversubscribed: false,
    description: 'target, driver and backends share CPUs 0-1',
  })
})

test('more workers than CPUs are oversubscribed, and the description says so', () => {
  expect(place({ cpus: cpus(2), cores: 8 })).toMatchObject({
    target: [0, 1],
    oversubscribed: true,
    description: 'target, driver and backends share CPUs 0-1, 8 workers on 2: oversubscribed',
  })
})

test('four CPUs are enough for three sets', () => {
  expect(place({ cpus: cpus(4), cores: 1 })).toMatchObject({
    target: [0],
    driver: [1, 2],
    backends: [3],
    shared: { target: false, driver: false, backends: false },
    description: 'target on CPU 0; driver on CPUs 1-2, backends on CPU 3',
  })
})

test.for([
  [1, undefined, 'driver and backends share CPU 0, the target is where it was started'],
  [2, undefined, 'driver and backends share CPU 1, the target is where it was started'],
  [4, undefined, 'driver on CPUs 1-2, backends on CPU 3, the target is where it was started'],
  [2, 'no taskset', 'not pinned, since no taskset; all share CPUs 0-1'],
] as const)(
  'the description does not place a target that runs already: %i CPUs',
  ([n, pinningError, description]) => {
    const placed = place({ cpus: cpus(n), cores: 1, external: true, pinningError })
    expect(placed.description).toBe(description)
  },
)

test('CPUs are named by the numbers of the host', () => {
  expect(place({ cpus: [2, 3, 7, 9], cores: 2 })).toMatchObject({
    description: 'target on CPUs 2-3; driver on CPU 7, backends on CPU 9',
  })
})

test.for([8, 16, 64])(
  'on %i CPUs every role has its own unless the target takes all but one',
  (n) => {
    for (let cores = 1; cores <= n - 2; cores++) {
      const { target, driver, backends, shared } = place({ cpus: cpus(n), cores })
      expect([...target, ...driver, ...backends]).toEqual(cpus(n))
      expect(target).toHaveLength(cores)
      expect(Math.min(driver.length, backends.length)).toBeGreaterThan(0)
      expect(Object.values(shared)).toEqual([false, false, false])
    }
  },
)

test('where pinning is impossible, all roles share all CPUs, and the description says why', () => {
  const pinningError = 'taskset (package util-linux) is not installed'
  expect(place({ cpus: cpus(8), cores: 2, pinningError })).toMatchObject({
    target: cpus(8),
    driver: cpus(8),
    shared: { target: true, driver: true, backends: true },
    pinned: false,
    oversubscribed: false,
    description: `not pinned, since ${pinningError}; all share CPUs 0-7`,
  })
})
