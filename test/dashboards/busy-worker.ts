import type { Snapshot } from '../../src/balancer/admin/snapshot.ts'

/** A worker with a value for each of its metrics. */
export const busyWorker: Snapshot['workers'][number] = {
  requests: 8,
  connections: 3,
  loopDelayMedian: 0.001,
  loopDelayP99: 0.01,
  loopDelayMax: 0.1,
  heapBytes: 1e6,
  externalBytes: 2e6,
  cpuUser: 1.25,
  cpuSystem: 0.5,
  gcSeconds: 0.25,
}
