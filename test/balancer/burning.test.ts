import { expect, test, vi } from 'vitest'
import { burning } from '../../src/balancer/burning.ts'

const choice = { key: '', now: 0, tried: undefined }

test('nothing to burn leaves the picker as it is', () => {
  const picker = { pick: () => 1 }
  expect(burning(picker, 0)).toBe(picker)
})

test('each pick takes so much CPU, and is the picker’s own', () => {
  const answered = vi.fn()
  const picker = burning({ pick: () => 2, answered }, 0.02)
  const before = process.cpuUsage()
  expect(picker.pick(choice)).toBe(2)
  picker.answered?.(2, 0.1, 0)
  const { user, system } = process.cpuUsage(before)
  // 20 ms on the clock; another process may have had the CPU for most of it, but hardly for all.
  expect(user + system).toBeGreaterThan(1000)
  expect(answered).toHaveBeenCalledWith(2, 0.1, 0)
})
