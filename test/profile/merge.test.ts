import { expect, test } from 'vitest'
import { profileOfCpuProfile } from '../../src/profile/cpu-profile.ts'
import { mergeProfiles } from '../../src/profile/merge.ts'
import type { Profile } from '../../src/profile/profile.ts'
import { byPath } from './by-path.ts'
import { cpuProfile } from './cpu-profile.ts'

test('frames are shared, samples of different workers stay apart', () => {
  const one = profileOfCpuProfile(cpuProfile, { worker: '0' })
  const other = profileOfCpuProfile(
    { ...cpuProfile, samples: [6, 3], timeDeltas: [0, 1], endTime: 70_000 },
    { worker: '1' },
  )
  const merged = mergeProfiles([one, other])
  expect(merged.frames).toEqual(one.frames)
  expect(merged.samples).toHaveLength(one.samples.length + other.samples.length)
  expect(merged.seconds).toBe(0.02)
  expect(byPath(merged)['(idle)']).toBe(4001)
})

test('samples of one stack and worker are summed', () => {
  const one = profileOfCpuProfile(cpuProfile, { worker: 'main' })
  const merged = mergeProfiles([one, one])
  expect(merged.samples.map(({ value }) => value)).toEqual(
    one.samples.map(({ value }) => 2 * value),
  )
})

test('profiles of different kinds, and none at all, are refused', () => {
  const heap: Profile = { kind: 'heap', unit: 'bytes', seconds: 1, frames: [], samples: [] }
  expect(() => mergeProfiles([profileOfCpuProfile(cpuProfile), heap])).toThrow(RangeError)
  expect(() => mergeProfiles([])).toThrow(RangeError)
})
