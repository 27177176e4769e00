import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchLoop } from '../../src/driver/watch-loop.ts'

test('own work makes the loop busy, not stalled', async () => {
  const watched = watchLoop()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  while (performance.now() - begun < 200) Math.sqrt(begun)
  const { user, system } = process.cpuUsage(cpu)
  const { driverBusy, driverStalled } = watched.stop()
  expect(driverBusy).toBeGreaterThan(0.9)
  // The rest is time that other processes had on this CPU, and 10 % for the edges.
  expect(driverStalled).toBeLessThan(1 - (user + system) / 200_000 + 0.1)
})

test('a loop that is blocked without work is stalled', async () => {
  const watched = watchLoop()
  await wait(20)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  await once(AbortSignal.timeout(20), 'abort')
  // 300 of 340 ms, or more where the machine is slow.
  expect(watched.stop().driverStalled).toBeGreaterThan(0.5)
})

test('time in which the loop only waited makes it neither busy nor stalled', async () => {
  let idleMs = 0
  const watched = watchLoop({ ticked: true, idleMs: () => idleMs })
  for (let i = 0; i < 50; i++) {
    const begun = performance.now()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    idleMs += performance.now() - begun
    watched.tick(performance.now())
    await new Promise(setImmediate)
  }
  expect(watched.stop().driverBusy).toBeLessThan(0.5)
})
