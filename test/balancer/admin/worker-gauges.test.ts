import { expect, test, vi } from 'vitest'
import { watchLoopDelay } from '../../../src/balancer/admin/loop-delay.ts'
import { publishGauges } from '../../../src/balancer/admin/worker-gauges.ts'
import {
  allocateMetrics,
  readMetrics,
  workerMetrics,
} from '../../../src/balancer/admin/worker-metrics.ts'

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

test('a blocked event loop shows its delay, also right after a reading', async () => {
  using delay = watchLoopDelay()
  delay.take()
  block(200)
  // The timer is due 20 ms into the block, so it is at least 180 ms late.
  await vi.waitFor(() => expect(delay.take().max).toBeGreaterThanOrEqual(0.18))
})

test('a reading resets the histogram', async () => {
  using delay = watchLoopDelay()
  block(200)
  await vi.waitFor(() => expect(delay.take().max).toBeGreaterThan(0))
  expect(delay.take()).toEqual({ median: 0, p99: 0, max: 0 })
})

test('a worker shows its memory and its CPU time, which grows', async () => {
  const memory = allocateMetrics(1, 1)
  using _ = publishGauges(workerMetrics(memory, 0))
  const first = readMetrics(memory).workers[0]
  expect(first?.heapBytes).toBeGreaterThan(1e6)
  block(50)
  await vi.waitFor(() => {
    const now = readMetrics(memory).workers[0]
    expect(now?.cpuUser).toBeGreaterThan(first?.cpuUser ?? 0)
  }, 5000)
})
