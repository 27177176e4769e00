import { expect, test } from 'vitest'
import { loadedOnce } from '../../../src/balancer/profiling/loaded-once.ts'
import { ProfileError } from '../../../src/balancer/profiling/profile-error.ts'
import { readCpuProfile, readHeapProfile } from '../../../src/balancer/profiling/read-profile.ts'

test('code that cannot be loaded is a ProfileError that names it; it is tried again, and then stays', async () => {
  const results = ['missing', 'there', 'replaced']
  const code = loadedOnce(async () => {
    const found = results.shift()
    if (found === 'missing') throw new Error('Cannot find module pprof.js')
    return found
  })
  await expect(code()).rejects.toThrow(ProfileError)
  expect(await code()).toBe('there')
  expect(await code()).toBe('there')
})

test.for(['', '{', '{"nodes":[]}'])('"%s" of V8 is no profile: a ProfileError', async (text) => {
  const cpu = readCpuProfile(text, { worker: 'main', intervalMs: 2 })
  await expect(cpu).rejects.toThrow(ProfileError)
  const heap = readHeapProfile(text, { since: 0, worker: '0' })
  await expect(heap).rejects.toThrow(/^the profile that V8 has taken cannot be read: /)
})
