import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { spareProcesses } from '../../src/lab/spare-processes.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { running } from '../support/processes/still-running.ts'
import { arm } from '../support/results/measurements.ts'

const file = modulePath('../support/processes/children/rpc-child', import.meta.url)
const name = 'the target'

test('the spare process is one like the last of its kind, is taken once, and ends when it is of no use', async () => {
  await using tempDir = await openTempDir()
  const spares = spareProcesses(tempDir)
  const [ours, other] = [arm('ours'), { ...arm('other'), target: 'nginx' }]

  // Nothing is known yet of how a target of that kind is started.
  spares.prepare(ours)
  await using first = await spares.take(ours, { name, file })
  spares.prepare(ours)
  await using second = await spares.take(ours, { name, file })
  expect(second.log).toMatch(/spare-1\.log$/)
  expect(await second.call('echo', 1)).toBe(1)
  await using third = await spares.take(ours, { name, file })
  expect([first, second, third].map(({ pid }) => running(pid))).toEqual([true, true, true])
  expect(new Set([first.pid, second.pid, third.pid]).size).toBe(3)
  expect(third.log).toBeUndefined()

  // Other options than those of the spare one.
  spares.prepare(ours)
  await using fourth = await spares.take(other, { name, file, env: { OTHER: '1' } })
  expect(fourth.log).toBeUndefined()
  spares.prepare(other)
  await spares[Symbol.asyncDispose]()
  expect([first, second, third, fourth].every(({ pid }) => running(pid))).toBe(true)
})

test('a spare process that has ended is not taken', async () => {
  await using tempDir = await openTempDir()
  await using spares = spareProcesses(tempDir)
  const broken = { name, file: '/nowhere/main.ts', log: `${tempDir.path}/log` }
  await using first = await spares.take(arm('a'), broken)
  await first.exited
  spares.prepare(arm('a'))
  await using again = await spares.take(arm('a'), { ...broken, file })
  expect(await again.call('echo', 2)).toBe(2)
})
