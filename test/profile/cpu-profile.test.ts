import { expect, test } from 'vitest'
import { UsageError } from '../../src/kit/errors.ts'
import { profileOfCpuProfile } from '../../src/profile/cpu-profile.ts'
import { withoutIdle } from '../../src/profile/without-idle.ts'
import { byPath } from './by-path.ts'
import { cpuProfile } from './cpu-profile.ts'

test('a sample lasts until the next one, the last one to the end', () => {
  const profile = profileOfCpuProfile(cpuProfile)
  expect(profile).toMatchObject({ kind: 'cpu', unit: 'microseconds', seconds: 0.01 })
  expect(byPath(profile)).toEqual({
    'serve > parse': 3000,
    serve: 1000,
    'serve > write': 500,
    '(idle)': 4000,
    '(program)': 1000,
    '(garbage collector)': 400,
  })
})

test('a sample lasts three intervals at most: beyond that the thread had no CPU, and is idle', () => {
  const profile = profileOfCpuProfile(cpuProfile, { intervalMs: 0.5, worker: '3' })
  expect(byPath(profile)).toEqual({
    'serve > parse': 2500,
    serve: 1000,
    'serve > write': 500,
    '(idle)': 4500,
    '(program)': 1000,
    '(garbage collector)': 400,
  })
  expect(new Set(profile.samples.map(({ worker }) => worker))).toEqual(new Set(['3']))
})

test('the values sum to the time from the first sample to the end', () => {
  const sum = profileOfCpuProfile(cpuProfile).samples.reduce((all, { value }) => all + value, 0)
  expect(sum).toBe(10_000 - 100)
})

test('without idle time it has all other samples, (program) among them', () => {
  const profile = profileOfCpuProfile(cpuProfile)
  const { '(idle)': _, ...busy } = byPath(profile)
  expect(byPath(withoutIdle(profile))).toEqual(busy)
})

test('a frame has its name, its path, and its line from 1', () => {
  const { frames } = profileOfCpuProfile(cpuProfile)
  expect(frames).toContainEqual({ name: 'parse', file: '/app/serve.js', line: 10 })
  expect(frames).toContainEqual({ name: '(idle)', file: '', line: 0 })
})

test('two nodes of one function share its frame', () => {
  const { frames } = profileOfCpuProfile(cpuProfile)
  expect(frames.filter(({ name }) => name === 'parse')).toHaveLength(1)
})

test('samples name the worker', () => {
  const { samples } = profileOfCpuProfile(cpuProfile, { worker: '3' })
  expect(new Set(samples.map(({ worker }) => worker))).toEqual(new Set(['3']))
})

test('samples out of order are sorted: no time is negative', () => {
  const { samples } = profileOfCpuProfile({
    ...cpuProfile,
    samples: [3, 6, 3],
    timeDeltas: [100, 500, -200],
  })
  expect(samples.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual([500, 9400])
})

test.for([undefined, {}, { nodes: [] }, { ...cpuProfile, samples: ['x'] }])(
  '%j is not a CPU profile',
  (parsed) => {
    expect(() => profileOfCpuProfile(parsed)).toThrow(UsageError)
  },
)
