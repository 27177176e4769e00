import { expect, test } from 'vitest'
import { metricsText } from '../../src/balancer/admin/metrics-text.ts'
import type { Snapshot } from '../../src/balancer/admin/snapshot.ts'
import { watcher } from '../../src/watch/watcher.ts'
import { backendSnapshot, snapshot } from '../balancer/support/snapshot.ts'
import { busyWorker } from '../dashboards/busy-worker.ts'

/** A watcher whose clocks go on by a second with each reading. */
function watched() {
  let seconds = 0
  const own = watcher('http://h:1', { time: () => 1e9 + seconds, steady: () => seconds })
  return {
    ...own,
    async reads(changes: Partial<Snapshot> = {}) {
      seconds += 1
      const backends = [backendSnapshot('a:1', { responses: [0, 10 * seconds, 0, 0, seconds] })]
      own.responded(await metricsText(snapshot({ backends, workers: [busyWorker], ...changes })))
    },
    fails(reason: string) {
      seconds += 1
      own.failed(reason)
    },
    /** The values of a series. */
    values: (name: string) =>
      own
        .state()
        .panels.flatMap(({ series }) => series)
        .find((one) => one.name === name)?.values,
  }
}

test('every panel has values after two readings, each figure at least one series', async () => {
  const balancer = watched()
  await balancer.reads()
  await balancer.reads()
  const { panels, at } = balancer.state()
  expect(panels).toHaveLength(6)
  expect(at).toEqual([1e9 + 1, 1e9 + 2])
  const missing = panels.flatMap(({ title, series }) =>
    series.some(({ values }) => values.at(-1) !== null) ? [] : [title],
  )
  // Nothing was timed, so that percentiles have no values.
  expect(missing).toEqual(['Latency'])
  expect(balancer.values('2xx')).toEqual([null, 10])
  expect(balancer.values('5xx')).toEqual([null, 1])
  expect(balancer.values('CPU, worker 0')).toEqual([null, 0])
  expect(balancer.values('delay, worker 0')).toEqual([0.01, 0.01])
  expect(balancer.values('client connections')).toEqual([3, 3])
})

test('a balancer that is gone leaves a gap, and rates begin again once it is back', async () => {
  const balancer = watched()
  await balancer.reads()
  await balancer.reads()
  balancer.fails('connection refused')
  balancer.fails('no response within 2 s')
  expect(balancer.state().silent).toEqual({ since: 1e9 + 3, reason: 'no response within 2 s' })
  await balancer.reads()
  expect(balancer.state().silent).toBeUndefined()
  await balancer.reads()
  expect(balancer.values('2xx')).toEqual([null, 10, null, null, null, 10])
  expect(balancer.values('in flight')?.map((value) => value === null)).toEqual([
    ...[false, false, true, true, false, false],
  ])
})

test('a restart is seen by what counts from 0 again', async () => {
  const balancer = watched()
  await balancer.reads()
  expect(balancer.state().restarted).toBeUndefined()
  await balancer.reads({ workers: [{ ...busyWorker, requests: 1 }] })
  expect(balancer.state().restarted).toBe(1e9 + 2)
  await balancer.reads({ workers: [{ ...busyWorker, requests: 2 }] })
  await balancer.reads({ workers: [{ ...busyWorker, requests: 3 }], restarts: 1 })
  expect(balancer.state().restarted).toBe(1e9 + 4)
})

test('a quarter of an hour is kept, and a series that comes late is as long as the others', async () => {
  const balancer = watched()
  for (let i = 0; i < 950; i++) balancer.fails('connection refused')
  await balancer.reads()
  const { at, panels } = balancer.state()
  expect(at).toHaveLength(900)
  const lengths = panels.flatMap(({ series }) => series.map(({ values }) => values.length))
  expect(new Set(lengths)).toEqual(new Set([900]))
})

test.for([
  [
    '<html>',
    'the response is not metrics of Prometheus (line 1, column 1: the name of a metric expected)',
  ],
  ['up 1', 'the response has no metrics of lb serve'],
  ['', 'the response has no metrics of lb serve'],
] as const)('%j is no balancer', ([text, message]) => {
  expect(() => watcher('http://h:1').responded(text)).toThrow(message)
})
