import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchLoop } from '../../src/driver/watch-loop.ts'

test('own work makes the loop busy, not stalled', async () => {
  const stopWatching = watchLoop()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  while (performance.now() - begun < 200) Math.sqrt(begun)
  const { user, system } = process.cpuUsage(cpu)
  const { driverBusy, driverStalled } = stopWatching()
  expect(driverBusy).toBeGreaterThan(0.9)
  // The rest is time that other processes had on this CPU, and 10 % for the edges.
  expect(driverStalled).toBeLessThan(1 - (user + system) / 200_000 + 0.1)
})

test('a loop that is blocked without work is stalled', async () => {
  const stopWatching = watchLoop()
  await wait(20)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  await once(AbortSignal.timeout(20), 'abort')
  // 300 of 340 ms, or more where the machine is slow.
  expect(stopWatching().driverStalled).toBeGreaterThan(0.5)
})
