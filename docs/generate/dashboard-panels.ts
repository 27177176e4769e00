/** A query of a panel, in PromQL, with the variables of the dashboard. */
export interface PanelQuery {
  readonly expr: string
  /** Name of each series, with labels in double braces. */
  readonly legend: string
  /** Unit of these series, where it differs from that of the panel: they get an axis of their own. */
  readonly unit?: Unit
}

/** Units by Grafana's names: fractions of 1, seconds, bytes, per second, plain numbers. */
type Unit = 'percentunit' | 's' | 'bytes' | 'reqps' | 'ops' | 'short'

/** A panel with a graph over time. */
export interface Panel {
  readonly title: string
  readonly description: string
  readonly unit: Unit
  /** Draws the series on top of each other: their sum has a meaning. */
  readonly stacked?: boolean
  readonly queries: readonly PanelQuery[]
}

/** A row of panels that is folded until it is opened. */
interface FoldedRow {
  readonly title: string
  readonly panels: readonly Panel[]
}

const where = 'instance=~"$instance"'

/** The increase per second of a counter, over the interval that fits the width of the panel. */
const perSecond = (counter: string, labels = ''): string =>
  `rate(${counter}{${labels === '' ? '' : `${labels}, `}${where}}[$__rate_interval])`

const quantile = (q: number): PanelQuery => ({
  expr: `histogram_quantile(${q}, sum by (le) (${perSecond('lb_request_duration_seconds_bucket')}))`,
  legend: `p${q * 100}`,
})

const total = (counter: string, legend: string): PanelQuery => ({
  expr: `sum(${perSecond(counter)})`,
  legend,
})

/** The panels that are always open: traffic, latency, errors, CPU, memory, connections. */
export const panels: readonly Panel[] = [
  {
    title: 'Requests by status',
    description: 'Responses per second, by status class; those of the balancer itself included.',
    unit: 'reqps',
    stacked: true,
    queries: [{ expr: `sum by (class) (${perSecond('lb_requests_total')})`, legend: '{{class}}' }],
  },
  {
    title: 'Latency',
    description:
      'Time from the head of a request to the end of its response. Percentiles of all workers together, interpolated within a bucket of the histogram.',
    unit: 's',
    queries: [quantile(0.5), quantile(0.95), quantile(0.99)],
  },
  {
    title: 'Errors, retries, ejections',
    description:
      'Share of the responses with a 5xx status (left axis); retries, ejections of backends, refused requests and responses that were cut, per second (right axis).',
    unit: 'percentunit',
    queries: [
      {
        expr: `(sum(${perSecond('lb_requests_total', 'class="5xx"')}) or vector(0)) / (sum(${perSecond('lb_requests_total')}) > 0)`,
        legend: '5xx',
      },
      ...[
        total('lb_retries_total', 'retries'),
        total('lb_backend_ejections_total', 'ejections'),
        total('lb_refused_total', 'refused'),
        total('lb_aborted_total', 'cut'),
      ].map((query): PanelQuery => ({ ...query, unit: 'ops' })),
    ],
  },
  {
    title: 'CPU, event loop, garbage collection',
    description:
      'CPU time and time of garbage collection by worker, in CPUs (left axis); p99 of the delay of the event loop in the last second (right axis).',
    unit: 'percentunit',
    queries: [
      {
        expr: `sum by (worker) (${perSecond('lb_worker_cpu_seconds_total')})`,
        legend: 'CPU, worker {{worker}}',
      },
      { expr: perSecond('lb_worker_gc_seconds_total'), legend: 'GC, worker {{worker}}' },
      {
        expr: `lb_event_loop_delay_p99_seconds{${where}}`,
        legend: 'delay, worker {{worker}}',
        unit: 's',
      },
    ],
  },
  {
    title: 'Memory',
    description: 'Resident memory of the process, and the parts of its workers.',
    unit: 'bytes',
    queries: [
      { expr: `lb_resident_memory_bytes{${where}}`, legend: 'resident' },
      { expr: `lb_worker_heap_bytes{${where}}`, legend: 'heap, worker {{worker}}' },
      { expr: `lb_worker_external_bytes{${where}}`, legend: 'external, worker {{worker}}' },
    ],
  },
  {
    title: 'Connections and requests in flight',
    description:
      'Open connections of clients, requests in flight to backends, idle connections to backends.',
    unit: 'short',
    queries: [
      { expr: `sum(lb_connections{${where}})`, legend: 'client connections' },
      { expr: `sum(lb_backend_requests_in_flight{${where}})`, legend: 'in flight' },
      { expr: `sum(lb_backend_idle_connections{${where}})`, legend: 'idle to backends' },
    ],
  },
]

/** The rows below. */
export const foldedRows: readonly FoldedRow[] = [
  {
    title: 'Backends',
    panels: [
      {
        title: 'Share of requests',
        description: 'Share of the requests that each backend gets, retries included.',
        unit: 'percentunit',
        stacked: true,
        queries: [
          {
            expr: `sum by (backend) (${perSecond('lb_backend_requests_total')}) / on () group_left () (sum(${perSecond('lb_backend_requests_total')}) > 0)`,
            legend: '{{backend}}',
          },
        ],
      },
      {
        title: 'Health',
        description: '1 if the backend gets requests, and the weight that applies now.',
        unit: 'short',
        queries: [
          { expr: `lb_backend_up{${where}}`, legend: 'up, {{backend}}' },
          { expr: `lb_backend_effective_weight{${where}}`, legend: 'weight, {{backend}}' },
        ],
      },
      {
        title: 'Failures by reason',
        description: 'Requests per second that failed at a backend, by reason.',
        unit: 'ops',
        queries: [
          {
            expr: `sum by (backend, reason) (${perSecond('lb_backend_failure_reasons_total')})`,
            legend: '{{backend}}, {{reason}}',
          },
        ],
      },
    ],
  },
  {
    title: 'Connection pools',
    panels: [
      {
        title: 'In flight by backend',
        description: 'Requests in flight to each backend.',
        unit: 'short',
        queries: [
          {
            expr: `sum by (backend) (lb_backend_requests_in_flight{${where}})`,
            legend: '{{backend}}',
          },
        ],
      },
      {
        title: 'Idle connections by backend',
        description: 'Connections in the pools that carry no request.',
        unit: 'short',
        queries: [
          {
            expr: `sum by (backend) (lb_backend_idle_connections{${where}})`,
            legend: '{{backend}}',
          },
        ],
      },
    ],
  },
]
