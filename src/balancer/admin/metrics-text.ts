import { Counter, Gauge, Registry } from 'prom-client'
import { stepNames } from '../../kit/steps.ts'
import { reasonCodes } from '../shared/failure-reasons.ts'
import { bucketHistogram } from './bucket-histogram.ts'
import type { BackendSnapshot, Snapshot } from './snapshot.ts'
import { latencyBounds } from './worker-metrics.ts'

/** The Content-Type of the text. */
export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE

type Labels = Record<string, string>
type Value = readonly [labels: Labels, value: number]

/** The metrics of one scrape: made for each scrape from the counts of the workers. */
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

/** A snapshot in the Prometheus text format, version 0.0.4. */
export function metricsText(snapshot: Snapshot): Promise<string> {
  const register = new Registry()
  const scrape = scrapeInto(register)
  // A removed backend may have been added again in another row; its name must occur only once.
  const backends = snapshot.backends.filter(({ state }) => state !== 'leaving')
  requestMetrics(scrape, { ...snapshot, backends })
  backendMetrics(scrape, backends)
  workerMetrics(scrape, snapshot)
  stepMetrics(scrape, snapshot)
  register.registerMetric(
    bucketHistogram({
      name: 'lb_request_duration_seconds',
      help: 'Time from the head of a request to the end of its response.',
      bounds: latencyBounds,
      ...snapshot.latency,
    }),
  )
  return register.metrics()
}

function requestMetrics({ counter, gauge }: Scrape, snapshot: Snapshot): void {
  const byClass = (backend: string, responses: readonly number[]) =>
    responses.map((count, index): Value => [{ backend, class: `${index + 1}xx` }, count])
  counter(
    'lb_requests_total',
    'Requests answered, by backend and status class; backend "" is the balancer itself.',
    [
      ...byClass('', snapshot.localReplies),
      ...snapshot.backends.flatMap(({ id, responses }) => byClass(id, responses)),
    ],
  )
  counter('lb_retries_total', 'Requests sent again because a backend failed.', [
    [{}, snapshot.retries],
  ])
  counter(
    'lb_local_replies_total',
    'Responses that the balancer made itself, or cut, by reason.',
    reasonCodes.map((reason, number): Value => [{ reason }, snapshot.localReasons[number] ?? 0]),
  )
  counter(
    'lb_refused_total',
    'Requests refused before they reached a backend: malformed, too large, too slow.',
    [[{}, snapshot.refused]],
  )
  counter(
    'lb_connections_turned_away_total',
    'Client connections closed because limits.connections were open.',
    [[{}, snapshot.turnedAway]],
  )
  counter('lb_aborted_total', 'Requests without a complete response.', [[{}, snapshot.aborted]])
  counter(
    'lb_process_restarts_total',
    'Times that the process of the balancer was restarted by its parent; all other counts start at 0 then.',
    [[{}, snapshot.restarts]],
  )
  counter(
    'lb_access_log_dropped_total',
    'Lines of the access log that could not be written: full disk, slow disk, or no reader of a pipe.',
    [[{}, snapshot.droppedLogLines]],
  )
  gauge('lb_panic', '1 while health is ignored because too few backends are healthy.', [
    [{}, snapshot.panic ? 1 : 0],
  ])
  gauge('lb_draining', '1 while the balancer drains to stop.', [[{}, snapshot.draining ? 1 : 0]])
  counter('lb_config_reloads_total', 'Times that the configuration was read again, by result.', [
    [{ result: 'applied' }, snapshot.reloads.applied],
    [{ result: 'rejected' }, snapshot.reloads.rejected],
  ])
  gauge(
    'lb_config_last_reload_successful',
    '1 if the configuration was applied when it was read last.',
    [[{}, snapshot.reloads.failure === undefined ? 1 : 0]],
  )
  gauge(
    'lb_config_last_reload_success_timestamp_seconds',
    'Unix time at which the configuration in force was read.',
    [[{}, snapshot.reloads.lastSuccess]],
  )
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
    'Requests sent to the backend, including retries.',
    each(({ requests }) => requests),
  )
  counter(
    'lb_backend_failures_total',
    'Requests that the backend failed: refused, reset, timeout or invalid response.',
    each(({ failures }) => failures),
  )
  const byReason = backends.flatMap(({ id, reasons }) =>
    reasons.flatMap((count, number): Value[] =>
      count === 0 ? [] : [[{ backend: id, reason: reasonCodes[number] as string }, count]],
    ),
  )
  counter(
    'lb_backend_failure_reasons_total',
    'Requests that failed at the backend, by reason; only reasons that occurred.',
    byReason,
  )
  counter(
    'lb_backend_ejections_total',
    'Times that the backend was ejected.',
    each(({ ejections }) => ejections),
  )
  gauge('lb_backend_up', '1 if the backend gets requests.', each(up))
  gauge(
    'lb_backend_weight',
    'Configured weight.',
    each(({ weight }) => weight),
  )
  gauge(
    'lb_backend_effective_weight',
    'Weight that applies now; 0 while it gets no requests, reduced in a slow start.',
    each(({ effectiveWeight }) => effectiveWeight),
  )
  gauge(
    'lb_backend_requests_in_flight',
    'Requests in flight to the backend.',
    each(({ inFlight }) => inFlight),
  )
  gauge(
    'lb_backend_idle_connections',
    'Idle connections in the pools.',
    each(({ idle }) => idle),
  )
}

function stepMetrics({ counter }: Scrape, { steps }: Snapshot): void {
  if (steps === undefined) return
  // Sums of sums that only grow: a counter that shrinks by a rounding error would look like one that begins at 0 again.
  const sumAt = (place: number) => steps.flat().reduce((sum, row) => sum + (row[place] ?? 0), 0)
  counter('lb_step_requests_total', 'Responses of backends whose steps were timed; with --steps.', [
    [{}, sumAt(1)],
  ])
  counter(
    'lb_step_seconds_total',
    'Time of these requests in each step; with --steps.',
    stepNames.map((step, i): Value => [{ step }, sumAt(2 + i)]),
  )
}

function workerMetrics({ counter, gauge }: Scrape, { workers }: Snapshot): void {
  const of = (read: (worker: Snapshot['workers'][number]) => number) =>
    workers.map((worker, index): Value => [{ worker: `${index}` }, read(worker)])
  const cpu = workers.flatMap(({ cpuUser, cpuSystem }, index) => {
    const worker = `${index}`
    return [
      [{ worker, mode: 'user' }, cpuUser],
      [{ worker, mode: 'system' }, cpuSystem],
    ] satisfies Value[]
  })
  counter(
    'lb_worker_requests_total',
    'Requests that the worker received.',
    of(({ requests }) => requests),
  )
  gauge(
    'lb_connections',
    'Open client connections.',
    of(({ connections }) => connections),
  )
  // Not one metric with a label: only summaries may have `quantile`, and a summary has a sum and a count.
  gauge(
    'lb_event_loop_delay_p50_seconds',
    'Median delay of the event loop in the last second.',
    of(({ loopDelayMedian }) => loopDelayMedian),
  )
  gauge(
    'lb_event_loop_delay_p99_seconds',
    '99th percentile of the delay of the event loop in the last second.',
    of(({ loopDelayP99 }) => loopDelayP99),
  )
  gauge(
    'lb_event_loop_delay_max_seconds',
    'Maximum delay of the event loop in the last second.',
    of(({ loopDelayMax }) => loopDelayMax),
  )
  gauge(
    'lb_worker_heap_bytes',
    'V8 heap in use.',
    of(({ heapBytes }) => heapBytes),
  )
  gauge(
    'lb_worker_external_bytes',
    'Memory of objects outside the V8 heap.',
    of((worker) => worker.externalBytes),
  )
  counter('lb_worker_cpu_seconds_total', 'CPU time of the worker, by mode.', cpu)
  counter(
    'lb_worker_gc_seconds_total',
    'Time in which garbage collection stopped the worker.',
    of(({ gcSeconds }) => gcSeconds),
  )
}
