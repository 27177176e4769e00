import type { BackendSnapshot, Snapshot } from '../../../src/balancer/admin/snapshot.ts'

/** A backend that is up and idle, except for `overrides`. */
export function backendSnapshot(
  id: string,
  overrides: Partial<BackendSnapshot> = {},
): BackendSnapshot {
  return {
    row: 0,
    id,
    url: `http://${id}`,
    weight: 1,
    zone: undefined,
    backup: false,
    effectiveWeight: 1,
    state: 'up',
    reason: '',
    inFlight: 0,
    ejections: 0,
    responses: [0, 0, 0, 0, 0],
    failures: 0,
    reasons: [],
    lastFailure: undefined,
    idle: 0,
    requests: 0,
    averageLatency: undefined,
    ...overrides,
  }
}

/** An idle balancer, except for `overrides`. */
export function snapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    draining: false,
    panic: false,
    backends: [],
    workers: [],
    localReplies: [0, 0, 0, 0, 0],
    localReasons: [],
    latency: { buckets: Array(15).fill(0), sum: 0 },
    retries: 0,
    refused: 0,
    turnedAway: 0,
    aborted: 0,
    reloads: { applied: 0, rejected: 0, lastSuccess: 0, failure: undefined },
    restarts: 0,
    droppedLogLines: 0,
    residentBytes: 0,
    steps: undefined,
    ...overrides,
  }
}
