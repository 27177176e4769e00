import { expect, test } from 'vitest'
import { place } from '../../src/lab/cores.ts'

const cpus = (n: number) => Array.from({ length: n }, (_, i) => i)

test('on one CPU all roles share it', () => {
  expect(place({ cpus: [0], cores: 1 })).toEqual({
    target: [0],
    driver: [0],
    backends: [0],
    processes: { driver: [[0]], backends: [[0]] },
    shared: { target: true, driver: true, backends: true },
    oversubscribed: false,
    pinned: true,
  })
})

test('on two CPUs a target with one worker has its own', () => {
  expect(place({ cpus: cpus(2), cores: 1 })).toMatchObject({
    target: [0],
    driver: [1],
    backends: [1],
    shared: { target: false, driver: true, backends: true },
  })
})

test('a target that needs every CPU shares them all, without being oversubscribed', () => {
  expect(place({ cpus: cpus(2), cores: 2 })).toMatchObject({
    target: [0, 1],
    shared: { target: true, driver: true, backends: true },
    oversubscribed: false,
  })
})

test('more workers than CPUs are oversubscribed', () => {
  expect(place({ cpus: cpus(2), cores: 8 })).toMatchObject({
    target: [0, 1],
    oversubscribed: true,
  })
})

test('four CPUs are enough for three sets', () => {
  expect(place({ cpus: cpus(4), cores: 1 })).toMatchObject({
    target: [0],
    driver: [1, 2],
    backends: [3],
    shared: { target: false, driver: false, backends: false },
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

test('each process has a CPU of its own where there are enough', () => {
  const placed = place({ cpus: cpus(8), cores: 2, drivers: 4, backendProcesses: 2 })
  expect(placed).toMatchObject({ driver: [2, 3, 4, 5], backends: [6, 7] })
  expect(placed.processes).toEqual({ driver: [[2], [3], [4], [5]], backends: [[6], [7]] })
})

test('CPUs beyond that are divided among the processes of a role', () => {
  const { processes } = place({ cpus: cpus(9), cores: 1, drivers: 2, backendProcesses: 1 })
  expect(processes).toEqual({
    driver: [
      [1, 2, 3],
      [4, 5],
    ],
    backends: [[6, 7, 8]],
  })
})

test('more processes than CPUs share those of their role, and no role is left without one', () => {
  const { driver, processes } = place({ cpus: cpus(4), cores: 1, drivers: 9, backendProcesses: 2 })
  expect(driver).toEqual([1, 2])
  expect(processes.driver).toEqual(Array(9).fill([1, 2]))
  expect(processes.backends).toEqual([[3], [3]])
})

test('where pinning is impossible, all roles share all CPUs', () => {
  const pinningError = 'taskset (package util-linux) is not installed'
  expect(place({ cpus: cpus(8), cores: 2, pinningError })).toMatchObject({
    target: cpus(8),
    driver: cpus(8),
    shared: { target: true, driver: true, backends: true },
    pinned: false,
    oversubscribed: false,
  })
})
