import type { Rate } from './figure.ts'
import type { Panel, PanelFigure } from './panel.ts'

/** A row of panels that Grafana folds until it is opened. */
interface FoldedRow {
  readonly title: string
  readonly panels: readonly Panel[]
}

const rate = (metric: string, sum?: readonly string[], where?: Rate['where']): Rate => ({
  kind: 'rate',
  metric,
  ...(sum && { sum }),
  ...(where && { where }),
})

const level = (metric: string, legend: string, sum?: readonly string[]): PanelFigure => ({
  figure: { kind: 'level', metric, ...(sum && { sum }) },
  legend,
})

const quantile = (q: number): PanelFigure => ({
  figure: { kind: 'quantile', metric: 'lb_request_duration_seconds', q },
  legend: `p${q * 100}`,
})

const byWorker = (metric: string, brief: string): PanelFigure => ({
  ...level(metric, `${brief}, worker {{worker}}`),
  brief,
})

const total = (metric: string, legend: string): PanelFigure => ({
  figure: rate(metric, []),
  legend,
  unit: 'ops',
})

/**
 * The panels that are always open: traffic, latency, errors, CPU, memory, connections. They are the one source of the
 * dashboard for Grafana and of both views of `lb watch`.
 */
export const panels: readonly Panel[] = [
  {
    title: 'Requests by status',
    description: 'Responses per second, by status class; those of the balancer itself included.',
    unit: 'reqps',
    stacked: true,
    figures: [
      { figure: rate('lb_requests_total', ['class']), legend: '{{class}}', brief: 'requests' },
    ],
  },
  {
    title: 'Latency',
    description:
      'Time from the head of a request to the end of its response. Percentiles of all workers together, interpolated within a bucket of the histogram.',
    unit: 's',
    figures: [quantile(0.5), quantile(0.95), quantile(0.99)],
  },
  {
    title: 'Errors, retries, ejections',
    description:
      'Share of the responses with a 5xx status (left axis); retries, ejections of backends, refused requests and responses that were cut, per second (right axis).',
    unit: 'percentunit',
    figures: [
      {
        figure: {
          kind: 'share',
          part: rate('lb_requests_total', [], { class: '5xx' }),
          of: rate('lb_requests_total', []),
        },
        legend: '5xx',
      },
      total('lb_retries_total', 'retries'),
      total('lb_backend_ejections_total', 'ejections'),
      total('lb_refused_total', 'refused'),
      total('lb_aborted_total', 'cut'),
    ],
  },
  {
    title: 'CPU, event loop, garbage collection',
    description:
      'CPU time and time of garbage collection by worker, in CPUs (left axis); p99 of the delay of the event loop in the last second (right axis).',
    unit: 'percentunit',
    figures: [
      {
        figure: rate('lb_worker_cpu_seconds_total', ['worker']),
        legend: 'CPU, worker {{worker}}',
        brief: 'CPU',
      },
      {
        figure: rate('lb_worker_gc_seconds_total'),
        legend: 'GC, worker {{worker}}',
        brief: 'GC',
      },
      { ...byWorker('lb_event_loop_delay_p99_seconds', 'delay'), unit: 's' },
    ],
  },
  {
    title: 'Memory',
    description: 'Resident memory of the process, and the parts of its workers.',
    unit: 'bytes',
    figures: [
      level('lb_resident_memory_bytes', 'resident'),
      byWorker('lb_worker_heap_bytes', 'heap'),
      byWorker('lb_worker_external_bytes', 'external'),
    ],
  },
  {
    title: 'Connections and requests in flight',
    description:
      'Open connections of clients, requests in flight to backends, idle connections to backends.',
    unit: 'short',
    figures: [
      level('lb_connections', 'client connections', []),
      level('lb_backend_requests_in_flight', 'in flight', []),
      level('lb_backend_idle_connections', 'idle to backends', []),
    ],
  },
]

/** The rows below, of Grafana's dashboard only. */
export const foldedRows: readonly FoldedRow[] = [
  {
    title: 'Backends',
    panels: [
      {
        title: 'Share of requests',
        description: 'Share of the requests that each backend gets, retries included.',
        unit: 'percentunit',
        stacked: true,
        figures: [
          {
            figure: {
              kind: 'share',
              part: rate('lb_backend_requests_total', ['backend']),
              of: rate('lb_backend_requests_total', []),
            },
            legend: '{{backend}}',
          },
        ],
      },
      {
        title: 'Health',
        description: '1 if the backend gets requests, and the weight that applies now.',
        unit: 'short',
        figures: [
          level('lb_backend_up', 'up, {{backend}}'),
          level('lb_backend_effective_weight', 'weight, {{backend}}'),
        ],
      },
      {
        title: 'Failures by reason',
        description: 'Requests per second that failed at a backend, by reason.',
        unit: 'ops',
        figures: [
          {
            figure: rate('lb_backend_failure_reasons_total', ['backend', 'reason']),
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
        figures: [level('lb_backend_requests_in_flight', '{{backend}}', ['backend'])],
      },
      {
        title: 'Idle connections by backend',
        description: 'Connections in the pools that carry no request.',
        unit: 'short',
        figures: [level('lb_backend_idle_connections', '{{backend}}', ['backend'])],
      },
    ],
  },
]
