import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { Yardstick } from '../../src/meter/yardstick.ts'

const file = modulePath('../../src/meter/yardstick', import.meta.url)
const start = () => startProcess({ name: 'the yardstick', file })

/** Asks until messages were counted: they come on their own time. */
async function counted(ends: readonly Awaited<ReturnType<typeof start>>[]): Promise<Yardstick[]> {
  for (const end of ends) await end.call('open')
  for (;;) {
    await Promise.all(ends.map((end) => end.call('close')))
    const seen = await Promise.all(ends.map((end) => end.call<Yardstick>('report')))
    if (seen.every(({ count }) => count > 0)) return seen
  }
}

test('two ends exchange messages, and each reports its cost per message', async () => {
  await using first = await start()
  await using second = await start()
  const port = await first.call<number>('start')
  await second.call('start')
  await second.call('join', port)
  for (const { unitSeconds } of await counted([first, second]))
    expect(unitSeconds).toBeGreaterThan(0)
})

test('with one CPU set one process is both ends', async () => {
  await using only = await start()
  await only.call('join', await only.call('start'))
  expect(await counted([only])).toHaveLength(1)
})
