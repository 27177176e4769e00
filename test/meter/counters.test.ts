import { expect, test } from 'vitest'
import { which } from '../../src/host/which.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import { counterUnavailable, openCounter, parsePerfStat } from '../../src/meter/counters.ts'
import { running } from '../support/processes/still-running.ts'

const worker = modulePath('../support/processes/children/resource-user', import.meta.url)
/** A clock of the kernel, in ms, which perf counts also where there is no processor counter. */
const clock = 'task-clock:u'
const perf = which('perf') !== undefined && (await counterUnavailable(clock)) === undefined

test('a count is read; a counter that the host does not offer is unavailable', () => {
  expect(parsePerfStat('123456,,instructions:u,100,100.00,,\n', 'instructions:u')).toEqual({
    count: 123456,
  })
  expect(parsePerfStat('<not supported>,,instructions:u,0,100.00,,\n', 'instructions:u')).toEqual({
    unavailable:
      'perf says <not supported> for instructions:u: this host does not offer the counter',
  })
  expect(parsePerfStat('Error:\nNo permission\n', 'instructions:u')).toEqual({
    unavailable: 'perf printed: No permission',
  })
})

test.runIf(perf)(
  'a process is counted while the counter is open, and perf ends with it',
  async () => {
    await using child = await startProcess({ name: 'the child', file: worker })
    await child.call('burn', { seconds: 0 })
    const counter = await openCounter([child.pid], clock)
    await child.call('burn', { seconds: 0.3 })
    const counted = await counter.close()
    // perf attaches a few ms after it was started; the clock runs in ms.
    expect(counted).toHaveProperty('count', expect.any(Number))
    expect((counted as { count: number }).count).toBeGreaterThan(100)
    expect(running(child.pid)).toBe(true)
  },
)

test('an unknown event is unavailable, with the reason', async () => {
  const counter = await openCounter([process.pid], 'no-such-event')
  expect(await counter.close()).toHaveProperty('unavailable', expect.any(String))
})
