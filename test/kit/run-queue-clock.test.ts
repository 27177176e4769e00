import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runQueueClock } from '../../src/kit/run-queue-clock.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lb-clock-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('it is read again and again, from the second number', () => {
  const file = join(folder, 'schedstat')
  writeFileSync(file, '5390059 2089496 5\n')
  using clock = runQueueClock(file)
  expect(clock.waitedMs()).toBe(2.089496)
  writeFileSync(file, '5390059 1234567890123 5\n')
  expect(clock.waitedMs()).toBe(1_234_567.890123)
})

test('it stands where the kernel does not count', () => {
  using clock = runQueueClock(join(folder, 'none'))
  expect(clock.waitedMs()).toBe(0)
})

test('of this thread it never goes back', () => {
  using clock = runQueueClock()
  const before = clock.waitedMs()
  expect(before).toBeGreaterThanOrEqual(0)
  expect(clock.waitedMs()).toBeGreaterThanOrEqual(before)
})
