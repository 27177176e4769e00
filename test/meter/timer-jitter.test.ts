import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { TimerJitter } from '../../src/meter/timer-jitter-counts.ts'

const hiccup = modulePath('../../src/meter/timer-jitter', import.meta.url)

test('a meter that is stopped for a while reports one stall of that length', async () => {
  await using meter = await startProcess({ name: 'the hiccup meter', file: hiccup })
  await meter.call('start')
  await meter.call('open')
  process.kill(meter.pid, 'SIGSTOP')
  const from = performance.now()
  while (performance.now() - from < 200) await new Promise((next) => setTimeout(next, 10))
  process.kill(meter.pid, 'SIGCONT')
  const { count, p50, p99, p999, max } = await meter
    .call('close')
    .then(() => meter.call<TimerJitter>('report'))
  expect(count).toBeGreaterThan(0)
  // It was stopped for 200 ms and asked to sleep for 1 of them.
  expect(max).toBeGreaterThan(0.19)
  expect([p50, p99, p999]).toEqual([p50, p99, p999].toSorted((a, b) => a - b))
  expect(p999).toBeLessThanOrEqual(max)
})
