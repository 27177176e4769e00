import { workerData } from 'node:worker_threads'
import { type MetricsMemory, workerMetrics } from '../../../../src/balancer/admin/worker-metrics.ts'

/** Options of a thread that counts `times` responses. */
export interface CounterOptions {
  readonly memory: MetricsMemory
  readonly worker: number
  readonly times: number
}

const { memory, worker, times } = workerData as CounterOptions
const metrics = workerMetrics(memory, worker)
for (let i = 0; i < times; i++) metrics.recordResponse(1, 200, 2 ** -10)
