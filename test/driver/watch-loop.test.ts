import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchLoop } from '../../src/driver/watch-loop.ts'

test('own work is work, and no standing still', async () => {
  const watched = watchLoop()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  while (performance.now() - begun < 200) Math.sqrt(begun)
  const { user, system } = process.cpuUsage(cpu)
  const { driverBusy, driverStalled } = watched()
  expect(driverBusy).toBeGreaterThan(0.9)
  // What others had of this CPU meanwhile is the rest, and 10 % for the edges.
  expect(driverStalled).toBeLessThan(1 - (user + system) / 200_000 + 0.1)
})

test('a loop that is blocked without work stands still', async () => {
  const watched = watchLoop()
  await wait(20)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  await once(AbortSignal.timeout(20), 'abort')
  // 300 of 340 ms, or more where the machine is slow.
  expect(watched().driverStalled).toBeGreaterThan(0.5)
})
