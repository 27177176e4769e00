import { expect, test } from 'vitest'
import { metricsText, metricsType } from '../../../src/balancer/admin/metrics-text.ts'
import { latencyBounds } from '../../../src/balancer/admin/worker-metrics.ts'
import { backendSnapshot, snapshot } from '../support/snapshot.ts'

/** Every sample of the text, by its name and labels. */
async function samples(of: Parameters<typeof metricsText>[0]): Promise<Map<string, number>> {
  const lines = (await metricsText(of)).split('\n').filter((line) => /^[a-z]/.test(line))
  const pairs = lines.map((line) => {
    const [, name = '', value] = /^(\S+) (\S+)$/.exec(line) ?? []
    return [name, Number(value)] as const
  })
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length)
  return new Map(pairs)
}

test('backends show their responses, failures, ejections, weights and pools', async () => {
  const found = await samples(
    snapshot({
      localReplies: [0, 0, 0, 3, 4],
      backends: [
        backendSnapshot('a:1', { responses: [1, 20, 3, 4, 5], requests: 40, failures: 7, idle: 6 }),
        backendSnapshot('b:2', {
          state: 'ejected',
          ejections: 2,
          weight: 5,
          effectiveWeight: 0,
          inFlight: 9,
        }),
      ],
    }),
  )
  const expected = {
    'lb_requests_total{backend="",class="5xx"}': 4,
    'lb_requests_total{backend="a:1",class="2xx"}': 20,
    'lb_requests_total{backend="b:2",class="2xx"}': 0,
    'lb_backend_requests_total{backend="a:1"}': 40,
    'lb_backend_failures_total{backend="a:1"}': 7,
    'lb_backend_idle_connections{backend="a:1"}': 6,
    'lb_backend_up{backend="a:1"}': 1,
    'lb_backend_up{backend="b:2"}': 0,
    'lb_backend_ejections_total{backend="b:2"}': 2,
    'lb_backend_weight{backend="b:2"}': 5,
    'lb_backend_effective_weight{backend="b:2"}': 0,
    'lb_backend_requests_in_flight{backend="b:2"}': 9,
  }
  for (const [name, value] of Object.entries(expected))
    expect([name, found.get(name)]).toEqual([name, value])
})

test('the time of each step is a counter, where steps are timed', async () => {
  const steps = [
    [
      [3, 5, 0, 1, 0, 0, 0, 2, 0, 0],
      [9, 1, 0, 0.5, 0, 0, 0, 2, 0, 0],
    ],
    [[3, 2, 0, 0.5, 0, 0, 0, 0, 0, 0.25]],
  ]
  const found = await samples(snapshot({ steps }))
  expect(found.get('lb_step_requests_total')).toBe(8)
  expect(found.get('lb_step_seconds_total{step="pick"}')).toBe(2)
  expect(found.get('lb_step_seconds_total{step="backend"}')).toBe(4)
  expect(found.get('lb_step_seconds_total{step="client"}')).toBe(0.25)
  const idle = await samples(snapshot({ steps: [[]] }))
  expect(idle.get('lb_step_seconds_total{step="head"}')).toBe(0)
  expect([...(await samples(snapshot())).keys()].join()).not.toContain('lb_step')
})

test('the histogram is cumulative, and its last bucket is the count', async () => {
  const found = await samples(
    snapshot({ latency: { buckets: [5, 4, ...Array(12).fill(0), 1], sum: 12.5 } }),
  )
  const name = 'lb_request_duration_seconds'
  const buckets = latencyBounds.map((bound) => found.get(`${name}_bucket{le="${bound}"}`))
  expect(buckets).toEqual([5, ...Array(13).fill(9)])
  expect(found.get(`${name}_bucket{le="+Inf"}`)).toBe(10)
  expect(found.get(`${name}_count`)).toBe(10)
  expect(found.get(`${name}_sum`)).toBe(12.5)
  expect(await metricsText(snapshot())).toContain(`# TYPE ${name} histogram\n`)
})

test('workers show their connections, event loop, memory and CPU time', async () => {
  const worker = {
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
  const found = await samples(
    snapshot({ workers: [worker, { ...worker, connections: 4 }], residentBytes: 5e7, retries: 2 }),
  )
  const expected = {
    'lb_connections{worker="0"}': 3,
    'lb_connections{worker="1"}': 4,
    'lb_worker_requests_total{worker="1"}': 8,
    'lb_event_loop_delay_p99_seconds{worker="0"}': 0.01,
    'lb_worker_heap_bytes{worker="0"}': 1e6,
    'lb_worker_external_bytes{worker="0"}': 2e6,
    'lb_worker_cpu_seconds_total{worker="1",mode="system"}': 0.5,
    'lb_worker_gc_seconds_total{worker="1"}': 0.25,
    lb_resident_memory_bytes: 5e7,
    lb_retries_total: 2,
  }
  for (const [name, value] of Object.entries(expected))
    expect([name, found.get(name)]).toEqual([name, value])
})

test('a backend that was removed and added again in another row is shown once', async () => {
  const found = await samples(
    snapshot({
      backends: [
        backendSnapshot('a:1', { row: 1, inFlight: 1 }),
        backendSnapshot('a:1', { row: 0, state: 'leaving', inFlight: 5 }),
      ],
    }),
  )
  expect(found.get('lb_backend_requests_in_flight{backend="a:1"}')).toBe(1)
  expect(found.get('lb_backend_up{backend="a:1"}')).toBe(1)
})

test('the content type has the version of the format', () => {
  expect(metricsType).toBe('text/plain; version=0.0.4; charset=utf-8')
})
