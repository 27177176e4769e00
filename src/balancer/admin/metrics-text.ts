import { Counter, Gauge, Registry } from 'prom-client'
import { bucketHistogram } from './bucket-histogram.ts'
import type { BackendSnapshot, Snapshot } from './snapshot.ts'
import { latencyBounds } from './worker-metrics.ts'

/** The media type of the text. */
export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE

type Labels = Record<string, string>
type Value = readonly [labels: Labels, value: number]

/** One scrape's metrics: made anew each time, since what is counted is counted by the workers. */
interface Scrape {
  counter(name: string, help: string, values: readonly Value[]): void
  gauge(name: string, help: string, values: readonly Value[]): void
}

function scrapeInto(register: Registry): Scrape {
  const labelNames = (values: readonly Value[]) => Object.keys(values[0]?.[0] ?? {})
  const common = (values: readonly Value[]) => ({
    labelNames: labelNames(values),
    registers: [register],
  })
  return {
    counter(name, help, values) {
      const metric = new Counter({ name, help, ...common(values) })
      for (const [labels, value] of values) metric.inc(labels, value)
    },
    gauge(name, help, values) {
      const metric = new Gauge({ name, help, ...common(values) })
      for (const [labels, value] of values) metric.set(labels, value)
    },
  }
}

/** A snapshot in the text format of Prometheus, version 0.0.4. */
export function metricsText(snapshot: Snapshot): Promise<string> {
  const register = new Registry()
  const scrape = scrapeInto(register)
  // Who left may be back in another row, and a name must be there once.
  const backends = snapshot.backends.filter(({ state }) => state !== 'leaving')
  requestMetrics(scrape, { ...snapshot, backends })
  backendMetrics(scrape, backends)
  workerMetrics(scrape, snapshot)
  register.registerMetric(
    bucketHistogram({
      name: 'lb_request_duration_seconds',
      help: 'Seconds from the head of a request to the end of its answer.',
      bounds: latencyBounds,
      ...snapshot.latency,
    }),
  )
  return register.metrics()
}

function requestMetrics({ counter, gauge }: Scrape, snapshot: Snapshot): void {
  const byClass = (backend: string, answers: readonly number[]) =>
    answers.map((count, index): Value => [{ backend, class: `${index + 1}xx` }, count])
  counter('lb_requests_total', 'Requests answered; backend "" is the balancer itself.', [
    ...byClass('', snapshot.localReplies),
    ...snapshot.backends.flatMap(({ id, answers }) => byClass(id, answers)),
  ])
  counter('lb_retries_total', 'Requests sent once more.', [[{}, snapshot.retries]])
  counter('lb_refused_total', 'Requests refused as they stood.', [[{}, snapshot.refused]])
  counter('lb_aborted_total', 'Requests that were not answered in full.', [[{}, snapshot.aborted]])
  gauge('lb_panic', 'Whether health is ignored.', [[{}, snapshot.panic ? 1 : 0]])
  gauge('lb_draining', 'Whether the balancer is stopping.', [[{}, snapshot.draining ? 1 : 0]])
  gauge('lb_resident_memory_bytes', 'Resident memory of the process.', [
    [{}, snapshot.residentBytes],
  ])
}

function backendMetrics({ counter, gauge }: Scrape, backends: readonly BackendSnapshot[]): void {
  if (backends.length === 0) return
  const each = (read: (backend: BackendSnapshot) => number) =>
    backends.map((backend): Value => [{ backend: backend.id }, read(backend)])
  const up = ({ state }: BackendSnapshot) => (state === 'up' || state === 'starting' ? 1 : 0)
  counter(
    'lb_backend_requests_total',
    'Requests sent.',
    each(({ requests }) => requests),
  )
  counter(
    'lb_backend_failures_total',
    'Requests failed.',
    each(({ failures }) => failures),
  )
  counter(
    'lb_backend_ejections_total',
    'Ejections.',
    each(({ ejections }) => ejections),
  )
  gauge('lb_backend_up', 'Whether it takes requests.', each(up))
  gauge(
    'lb_backend_weight',
    'Weight as set.',
    each(({ weight }) => weight),
  )
  gauge(
    'lb_backend_effective_weight',
    'Weight that its traffic comes to.',
    each(({ effectiveWeight }) => effectiveWeight),
  )
  gauge(
    'lb_backend_requests_in_flight',
    'Requests in flight.',
    each(({ inFlight }) => inFlight),
  )
  gauge(
    'lb_backend_idle_connections',
    'Connections in the pools.',
    each(({ idle }) => idle),
  )
}

function workerMetrics({ counter, gauge }: Scrape, { workers }: Snapshot): void {
  const of = (read: (worker: Snapshot['workers'][number]) => number) =>
    workers.map((measured, worker): Value => [{ worker: `${worker}` }, read(measured)])
  const delay = workers.flatMap(({ loopDelayMedian, loopDelayP99, loopDelayMax }, index) => {
    const worker = `${index}`
    return [
      [{ worker, quantile: '0.5' }, loopDelayMedian],
      [{ worker, quantile: '0.99' }, loopDelayP99],
      [{ worker, quantile: '1' }, loopDelayMax],
    ] satisfies Value[]
  })
  const cpu = workers.flatMap(({ cpuUser, cpuSystem }, index) => {
    const worker = `${index}`
    return [
      [{ worker, mode: 'user' }, cpuUser],
      [{ worker, mode: 'system' }, cpuSystem],
    ] satisfies Value[]
  })
  counter(
    'lb_worker_requests_total',
    'Requests taken.',
    of(({ requests }) => requests),
  )
  gauge(
    'lb_connections',
    'Open connections of clients.',
    of(({ connections }) => connections),
  )
  gauge('lb_event_loop_delay_seconds', 'Lateness of the event loop in the last second.', delay)
  gauge(
    'lb_worker_heap_bytes',
    'Heap in use.',
    of(({ heapBytes }) => heapBytes),
  )
  gauge(
    'lb_worker_external_bytes',
    'Memory outside the heap.',
    of((worker) => worker.externalBytes),
  )
  counter('lb_worker_cpu_seconds_total', 'CPU time used.', cpu)
}
