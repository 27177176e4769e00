import { expect, test } from 'vitest'
import { takeSnapshot } from '../../../src/balancer/admin/snapshot.ts'
import {
  allocateMetrics,
  readMetrics,
  workerMetrics,
} from '../../../src/balancer/admin/worker-metrics.ts'
import { backendSnapshot } from '../support/snapshot.ts'

test('reports, counts and metrics of a backend are joined by its row', () => {
  const metrics = allocateMetrics(2, 3)
  workerMetrics(metrics, 0).recordResponse(2, 200, 0.3)
  workerMetrics(metrics, 1).recordResponse(2, 200, 0.3)
  workerMetrics(metrics, 1).recordFailure(2, 'connection-refused')
  workerMetrics(metrics, 1).recordResponse(-1, 503, 0.001)
  workerMetrics(metrics, 1).setGauge('cpuUser', 2)
  const taken = takeSnapshot({
    draining: false,
    panic: true,
    backends: [backendSnapshot('c:3', { row: 2 })],
    counts: {
      requests: 3,
      answered: 3,
      failed: { 502: 0, 503: 1, 504: 0 },
      aborted: 4,
      refused: 5,
      turnedAway: 0,
      retried: 6,
      limited: 0,
      keyless: 0,
      perBackend: [7, 8, 9],
      inFlight: [0, 0, 0],
      perWorker: [1, 2],
    },
    metrics: readMetrics(metrics),
    reloads: { applied: 1, rejected: 0, lastSuccess: 7, failure: undefined },
    restarts: 3,
    droppedLogLines: 12,
    connections: [10, 11],
    averageLatency: (row) => row / 10,
  })
  expect(taken).toMatchObject({
    panic: true,
    restarts: 3,
    droppedLogLines: 12,
    retries: 6,
    refused: 5,
    aborted: 4,
    localReplies: [0, 0, 0, 0, 1],
    latency: { sum: 0.601 },
    backends: [
      { id: 'c:3', requests: 9, failures: 1, responses: [0, 2, 0, 0, 0], averageLatency: 0.2 },
    ],
    workers: [
      { requests: 1, connections: 10 },
      { requests: 2, connections: 11, cpuUser: 2 },
    ],
  })
  expect(taken.residentBytes).toBeGreaterThan(1e6)
})
