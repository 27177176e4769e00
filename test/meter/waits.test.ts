import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { meterWaits } from '../../src/meter/waits.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lb-waits-'))
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(root, { recursive: true, force: true })
})

function write(file: string, text: string): void {
  writeFileSync(join(root, file), text)
}

test('waits of threads and steal are seen between the readings in which they grew', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  mkdirSync(join(root, '7/task/7'), { recursive: true })
  mkdirSync(join(root, '7/task/8'), { recursive: true })
  write('7/task/7/schedstat', '5000000 1000000 3\n')
  write('7/task/8/schedstat', '9000000 0 3\n')
  write('stat', 'cpu  1 2 3 4 5 6 7 100 0 0\n')
  const meter = meterWaits(new Map([['target', () => [7]]]), root)
  meter.open()
  vi.advanceTimersByTime(10)
  // Of two threads the longer wait is kept.
  write('7/task/7/schedstat', '5000000 5000000 3\n')
  write('7/task/8/schedstat', '9000000 2500000 3\n')
  vi.advanceTimersByTime(10)
  // One tick of 10 ms; less than a millisecond is not kept.
  write('7/task/7/schedstat', '5000000 5500000 3\n')
  write('stat', 'cpu  1 2 3 4 5 6 7 101 0 0\n')
  meter.close()
  const [wait, steal, ...others] = meter.waits()
  expect(others).toEqual([])
  expect(wait).toMatchObject({ name: 'target', waitedMs: 4 })
  expect((wait?.untilMs ?? 0) - (wait?.fromMs ?? 0)).toBeCloseTo(10, 0)
  expect(steal).toMatchObject({ name: 'steal', waitedMs: 10 })
})

test('a thread that waits for the helper threads of its own process waits for no other program', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  for (const thread of [3, 4]) mkdirSync(join(root, `3/task/${thread}`), { recursive: true })
  write('3/task/3/comm', 'node-MainThread\n')
  write('3/task/4/comm', 'node-V8Worker\n')
  write('3/task/3/schedstat', '5000000 0 3\n')
  write('3/task/4/schedstat', '1000000 0 3\n')
  const meter = meterWaits(new Map([['driver', () => [3]]]), root)
  meter.open()
  // 8 ms, in 6 of which a helper used the CPU.
  write('3/task/3/schedstat', '5000000 8000000 3\n')
  write('3/task/4/schedstat', '7000000 9000000 3\n')
  vi.advanceTimersByTime(10)
  // The helper rests.
  write('3/task/3/schedstat', '5000000 13000000 3\n')
  vi.advanceTimersByTime(10)
  meter.close()
  expect(meter.waits().map(({ waitedMs }) => waitedMs)).toEqual([2, 5])
})

test('a wait is counted when it ends: a longer one than the time between two readings began before', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  for (const thread of [5, 6]) mkdirSync(join(root, `5/task/${thread}`), { recursive: true })
  write('5/task/5/comm', 'node-MainThread\n')
  write('5/task/6/comm', 'node-V8Worker\n')
  write('5/task/5/schedstat', '5000000 0 3\n')
  write('5/task/6/schedstat', '1000000 0 3\n')
  const meter = meterWaits(new Map([['target', () => [5]]]), root)
  meter.open()
  // A helper uses the CPU in the first of three readings.
  write('5/task/6/schedstat', '9000000 0 3\n')
  vi.advanceTimersByTime(20)
  write('5/task/5/schedstat', '5000000 28000000 3\n')
  vi.advanceTimersByTime(10)
  meter.close()
  const [wait, ...others] = meter.waits()
  expect(others).toEqual([])
  expect(wait?.waitedMs).toBe(20)
  expect((wait?.untilMs ?? 0) - (wait?.fromMs ?? 0)).toBeCloseTo(20, 3)
})

test('a process that is gone, and a host without the files, have no waits', () => {
  const meter = meterWaits(new Map([['target', () => [4_000_000]]]), join(root, 'none'))
  meter.open()
  meter.close()
  expect(meter.waits()).toEqual([])
})
