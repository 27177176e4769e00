import { expect, test } from 'vitest'
import { profileOfCpuProfile } from '../../../src/profile/cpu-profile.ts'
import { cpuProfileFile } from '../../../src/profile/export/cpu-profile-file.ts'
import { foldedStacks } from '../../../src/profile/export/folded.ts'
import { speedscopeFile } from '../../../src/profile/export/speedscope.ts'
import type { Profile } from '../../../src/profile/profile.ts'

const profile: Profile = {
  kind: 'cpu',
  unit: 'microseconds',
  seconds: 0.01,
  frames: [
    { name: 'run', file: 'a.js', line: 3 },
    { name: 'a;b\nc', file: 'b.js', line: 7 },
    { name: '(program)', file: '', line: 0 },
  ],
  samples: [
    { stack: [0, 1], value: 4000, worker: '1' },
    { stack: [0, 1], value: 1000, worker: '2' },
    { stack: [0], value: 2000 },
    { stack: [2], value: 3000 },
  ],
}

/** Sums by stack, as text. */
function sums({ frames, samples }: Profile): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { stack, value } of samples) {
    const key = stack.map((i) => Object.values(frames[i] ?? {}).join()).join(' > ')
    sums[key] = (sums[key] ?? 0) + value
  }
  return sums
}

test('folded stacks: one line for each stack of all workers, and no name can begin another frame', () => {
  expect(foldedStacks(profile)).toBe(
    'run (a.js:3);a,b c (b.js:7) 5000\nrun (a.js:3) 2000\n(program) 3000\n',
  )
})

test('a .cpuprofile is read back as the same profile', () => {
  const read = profileOfCpuProfile(JSON.parse(cpuProfileFile(profile)))
  expect(sums(read)).toEqual(sums(profile))
  expect(read.seconds).toBeCloseTo(0.01)
})

test('speedscope: several profiles share their frames, each with its own indexes', () => {
  const file = JSON.parse(
    speedscopeFile(
      [
        { name: 'base', profile },
        { name: 'head', profile },
      ],
      'diff',
    ),
  )
  expect(file.$schema).toBe('https://www.speedscope.app/file-format-schema.json')
  expect(file.profiles.map(({ name }: { name: string }) => name)).toEqual(['base', 'head'])
  const [, head] = file.profiles
  expect(head).toMatchObject({ type: 'sampled', unit: 'microseconds', endValue: 10_000 })
  expect(head.samples).toEqual([[3, 4], [3, 4], [3], [5]])
  expect(head.weights).toEqual([4000, 1000, 2000, 3000])
  expect(file.shared.frames[3]).toEqual({ name: 'run', file: 'a.js', line: 3 })
  expect(file.shared.frames[5]).toEqual({ name: '(program)' })
})
