import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import {
  allocateMetrics,
  latencyBounds,
  readMetrics,
  workerMetrics,
} from '../../../src/balancer/admin/worker-metrics.ts'
import { reasonCodes } from '../../../src/balancer/shared/failure-reasons.ts'
import type { CounterOptions } from './threads/counter.ts'

/** Failures by reason, all of them refused connections. */
const reasons = (refused: number) =>
  reasonCodes.map((code) => (code === 'connection-refused' ? refused : 0))

test('responses are counted by backend and status class, over all workers', () => {
  const memory = allocateMetrics(2, 3)
  const [one, other] = [workerMetrics(memory, 0), workerMetrics(memory, 1)]
  one.recordResponse(2, 200, 0.1)
  one.recordResponse(2, 204, 0.1)
  other.recordResponse(2, 599, 0.1)
  other.recordResponse(0, 101, 0.1)
  other.recordResponse(-1, 404, 0.1)
  one.recordFailure(1, 'connection-refused')
  other.recordFailure(1, 'connection-refused')
  one.setIdle(0, 7)
  other.setIdle(0, 2)
  const { row } = readMetrics(memory)
  expect(row(2)).toEqual({ responses: [0, 2, 0, 0, 1], failures: 0, reasons: reasons(0), idle: 0 })
  expect(row(0)).toEqual({ responses: [1, 0, 0, 0, 0], failures: 0, reasons: reasons(0), idle: 9 })
  expect(row(1)).toEqual({ responses: [0, 0, 0, 0, 0], failures: 2, reasons: reasons(2), idle: 0 })
  expect(row(-1)).toEqual({ responses: [0, 0, 0, 1, 0], failures: 0, reasons: reasons(0), idle: 0 })
})

test('a latency counts in the first bucket whose bound it does not exceed', () => {
  const memory = allocateMetrics(1, 1)
  const metrics = workerMetrics(memory, 0)
  for (const bound of latencyBounds) metrics.recordResponse(0, 200, bound)
  metrics.recordResponse(0, 200, 0)
  metrics.recordResponse(0, 200, 10.1)
  metrics.recordResponse(0, 200, 3600)
  const { buckets, latencySum } = readMetrics(memory)
  expect(buckets).toEqual([2, ...Array(13).fill(1), 2])
  expect(latencySum).toBeCloseTo(latencyBounds.reduce((a, b) => a + b) + 3610.1, 6)
})

test('each worker shows its own gauges', () => {
  const memory = allocateMetrics(2, 1)
  workerMetrics(memory, 1).setGauge('cpuUser', 1.5)
  workerMetrics(memory, 0).setGauge('heapBytes', 1e6)
  const { workers } = readMetrics(memory)
  expect(workers).toMatchObject([
    { cpuUser: 0, heapBytes: 1e6 },
    { cpuUser: 1.5, heapBytes: 0 },
  ])
})

test('resetRow clears one row and no other', () => {
  const memory = allocateMetrics(1, 3)
  const metrics = workerMetrics(memory, 0)
  for (const row of [-1, 0, 1, 2]) {
    metrics.recordResponse(row, 200, 1)
    metrics.recordFailure(row, 'connection-refused')
    metrics.setIdle(row, 1)
  }
  metrics.setGauge('cpuSystem', 3)
  metrics.resetRow(1)
  const { row, workers, buckets } = readMetrics(memory)
  expect(row(1)).toEqual({ responses: [0, 0, 0, 0, 0], failures: 0, reasons: reasons(0), idle: 0 })
  for (const other of [-1, 0, 2]) expect(row(other).responses).toEqual([0, 1, 0, 0, 0])
  expect(workers[0]?.cpuSystem).toBe(3)
  expect(buckets[10]).toBe(4)
})

test('no count is lost when two threads count at the same time', async () => {
  const memory = allocateMetrics(2, 2)
  const times = 100_000
  const threads = [0, 1].map((worker) => {
    const workerData: CounterOptions = { memory, worker, times }
    return new Worker(new URL('./threads/counter.ts', import.meta.url), { workerData })
  })
  await Promise.all(threads.map((thread) => once(thread, 'exit')))
  const { row, buckets, latencySum } = readMetrics(memory)
  expect(row(1).responses).toEqual([0, 2 * times, 0, 0, 0])
  expect(buckets[1]).toBe(2 * times)
  // Powers of two add up exactly.
  expect(latencySum).toBe(2 * times * 2 ** -10)
})
