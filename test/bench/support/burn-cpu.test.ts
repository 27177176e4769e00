import { expect, test, vi } from 'vitest'
import { burnCpu } from '../../../bench/support/burn-cpu.ts'

const choice = { key: '', now: 0, tried: undefined }

test('with 0 seconds the picker is unchanged', () => {
  const picker = { pick: () => 1 }
  expect(burnCpu(picker, 0)).toBe(picker)
})

test('each pick takes that much CPU, and returns the row of the picker', () => {
  const recordLatency = vi.fn()
  const picker = burnCpu({ pick: () => 2, recordLatency }, 0.02)
  const before = process.cpuUsage()
  expect(picker.pick(choice)).toBe(2)
  picker.recordLatency?.(2, 0.1, 0)
  const { user, system } = process.cpuUsage(before)
  // However often another process had the CPU meanwhile; the rest is what the counter may lag behind.
  expect(user + system).toBeGreaterThan(15_000)
  expect(recordLatency).toHaveBeenCalledWith(2, 0.1, 0)
})

test('time in which the process was preempted is not counted', () => {
  let [looks, nowMs] = [0, 0]
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    // Each look takes 10 µs; before the third the process was off its CPU for 50 ms.
    nowMs += ++looks === 3 ? 50 : 0.01
    return nowMs
  })
  burnCpu({ pick: () => 0 }, 0.001).pick(choice)
  clock.mockRestore()
  // The first look begins, one is not counted, and a hundred are the millisecond.
  expect(looks).toBeGreaterThanOrEqual(102)
})
