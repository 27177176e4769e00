import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import { meterProcesses } from '../../src/meter/process.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import { stillRunning } from '../support/processes/still-running.ts'

const worker = modulePath('../support/processes/children/resource-user', import.meta.url)
const master = modulePath('../support/processes/children/master-and-worker', import.meta.url)

test('the costs of a process are those in the window, not before or after', async () => {
  await using child = await startProcess({ name: 'the child', file: worker })
  const meter = meterProcesses(() => processFamily(child.pid))
  await child.call('burn', { seconds: 0.3 })
  meter.open()
  await child.call('burn', { seconds: 0.2 })
  meter.close()
  await child.call('burn', { seconds: 0.3 })
  const { userSeconds, systemSeconds, busiestThreadSeconds } = meter.usage()
  // The runtime's other threads add to the 0.2 s, but the 0.3 s before or after would give 0.5 s.
  expect(userSeconds + systemSeconds).toBeGreaterThanOrEqual(0.2)
  expect(userSeconds + systemSeconds).toBeLessThan(0.4)
  expect(busiestThreadSeconds).toBeGreaterThanOrEqual(0.2)
  expect(busiestThreadSeconds).toBeLessThanOrEqual(userSeconds + systemSeconds)
})

test('memory allocated in the window raises the peak', async () => {
  await using child = await startProcess({ name: 'the child', file: worker })
  await child.call('burn', { seconds: 0 })
  const meter = meterProcesses(() => [child.pid])
  meter.open()
  const bytes = 64 * 2 ** 20
  await child.call('hold', { bytes })
  meter.close()
  const { rssMeanBytes, rssPeakBytes } = meter.usage()
  expect(rssPeakBytes).toBeGreaterThan(bytes)
  expect(rssMeanBytes).toBeLessThan(rssPeakBytes)
})

test('the timeline of CPU time and memory covers the window from its opening to its close', async () => {
  await using child = await startProcess({ name: 'the child', file: worker })
  await child.call('burn', { seconds: 0 })
  const meter = meterProcesses(() => [child.pid])
  meter.open()
  await child.call('burn', { seconds: 0.5 })
  await child.call('hold', { bytes: 64 * 2 ** 20 })
  meter.close()
  const { course, userSeconds, systemSeconds, rssPeakBytes } = meter.usage()
  const { at, cpuSeconds, rssBytes } = course
  expect([at[0], cpuSeconds[0]]).toEqual([0, 0])
  expect(at.length).toBeGreaterThan(2)
  expect(at).toEqual(at.toSorted((a, b) => a - b))
  expect(cpuSeconds).toEqual(cpuSeconds.toSorted((a, b) => a - b))
  // Half a second was burnt, and the whole of it is there at the close.
  expect(cpuSeconds.at(-1)).toBeGreaterThanOrEqual(0.5)
  expect(cpuSeconds.at(-1)).toBeCloseTo(userSeconds + systemSeconds, 1)
  expect((rssBytes.at(-1) ?? 0) - (rssBytes[0] ?? 0)).toBeGreaterThan(60 * 2 ** 20)
  expect(rssBytes.at(-1)).toBeLessThanOrEqual(rssPeakBytes)
})

test('a family is a process, its descendants and its session, and no other process', async () => {
  const program = spawn(process.execPath, [master, '0'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const first = program.pid as number
  const family = await until(
    () => processFamily(first),
    (pids) => pids.length === 2,
  )
  expect(family).toContain(first)
  expect(family).not.toContain(process.pid)
  process.kill(-first, 'SIGKILL')
  await once(program, 'exit')
  expect(await stillRunning(family, 2)).toEqual([])
})

test('the costs of a child that started and ended in the window are those of its parent', () => {
  const meter = meterProcesses(() => [process.pid])
  meter.open()
  const before = process.cpuUsage()
  spawnSync(process.execPath, ['-e', 'const end = process.cpuUsage; while (end().user < 400_000);'])
  const own = process.cpuUsage(before)
  meter.close()
  const { userSeconds, systemSeconds } = meter.usage()
  const ownSeconds = (own.user + own.system) / 1e6
  // The child alone burnt 0.4 s; its four counts may each be a tick of 10 ms short.
  expect(userSeconds + systemSeconds - ownSeconds).toBeGreaterThan(0.36)
})

test('a process that has ended costs nothing, and is no error', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  const meter = meterProcesses(() => [child.pid as number])
  meter.open()
  meter.close()
  expect(meter.usage()).toEqual({
    userSeconds: 0,
    systemSeconds: 0,
    busiestThreadSeconds: 0,
    waitedSeconds: 0,
    busiestThreadWaitedSeconds: 0,
    rssMeanBytes: 0,
    rssPeakBytes: 0,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
    course: expect.objectContaining({ cpuSeconds: [0, 0], rssBytes: [0, 0] }),
  })
})

/** Calls `read` again and again, until its result is `good`. */
async function until<Found>(read: () => Found, good: (found: Found) => boolean): Promise<Found> {
  for (;;) {
    const found = read()
    if (good(found)) return found
    await new Promise((next) => setTimeout(next, 10))
  }
}
