import { expect, test } from 'vitest'
import { processCounts } from '../../src/lab/process-counts.ts'

const options = { driver: 'lean', cores: 1, cpus: 64, cpusLeft: 1, connections: 64, backends: 4 }

test.for([1, 2])('with %i CPUs left there is one process of each', (cpusLeft) => {
  expect(processCounts({ ...options, cpusLeft })).toEqual({ drivers: 1, backendProcesses: 1 })
})

test('a target on more cores gets more drivers and backends, as many as the fastest target needs', () => {
  const counts = (cores: number) => processCounts({ ...options, cores, cpusLeft: 60 })
  expect(counts(1)).toEqual({ drivers: 1, backendProcesses: 1 })
  expect(counts(4)).toEqual({ drivers: 4, backendProcesses: 4 })
  expect(processCounts({ ...options, cores: 4, cpusLeft: 60, driver: 'autocannon' }).drivers).toBe(
    10,
  )
})

test('where CPUs are scarce they are divided by what a request costs', () => {
  const scarce = { ...options, cores: 4, cpusLeft: 4 }
  expect(processCounts(scarce)).toEqual({ drivers: 2, backendProcesses: 2 })
  expect(processCounts({ ...scarce, driver: 'autocannon' })).toEqual({
    drivers: 3,
    backendProcesses: 1,
  })
})

test('a target that shares all CPUs gets as many as its requests cost the others', () => {
  const sharing = { ...options, cpusLeft: 0 }
  expect(processCounts({ ...sharing, cores: 2, cpus: 2 })).toEqual({
    drivers: 1,
    backendProcesses: 1,
  })
  expect(processCounts({ ...sharing, cores: 8, cpus: 8 })).toEqual({
    drivers: 2,
    backendProcesses: 2,
  })
  // One worker needs no more, however many CPUs there are.
  expect(processCounts({ ...sharing, cores: 1, cpus: 32 }).drivers).toBe(1)
})

test('there are no more drivers than connections, and no more processes than backends', () => {
  const many = { ...options, cores: 8, cpusLeft: 60 }
  expect(processCounts({ ...many, connections: 3, backends: 2 })).toEqual({
    drivers: 3,
    backendProcesses: 2,
  })
})

test('requested numbers stay, and the other one takes the CPUs that they leave', () => {
  const scarce = { ...options, cores: 4, cpusLeft: 4 }
  expect(processCounts({ ...scarce, drivers: 3 })).toEqual({ drivers: 3, backendProcesses: 1 })
  expect(processCounts({ ...scarce, backendProcesses: 3 })).toEqual({
    drivers: 1,
    backendProcesses: 3,
  })
  const requested = { drivers: 7, backendProcesses: 5 }
  expect(processCounts({ ...scarce, ...requested, cpusLeft: 1 })).toEqual(requested)
})
