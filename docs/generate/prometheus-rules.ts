import { stringify } from 'yaml'

/* The files for Prometheus beside the dashboard: what it scrapes, what it records, what it alerts of. */

const note = (text: string): string => `# ${text}\n# Made by \`npm run docs\`.\n`

/** dashboards/prometheus.yml: a configuration that scrapes one balancer. */
export function prometheusConfiguration(): string {
  const configuration = {
    global: { scrape_interval: '5s', evaluation_interval: '15s' },
    rule_files: ['rules.yml', 'alerts.yml'],
    scrape_configs: [{ job_name: 'lb', static_configs: [{ targets: ['127.0.0.1:18701'] }] }],
  }
  return `${note('Scrapes a balancer started with --admin-port 18701.')}${stringify(configuration)}`
}

const latency = (q: number): string =>
  `histogram_quantile(${q}, sum by (instance, le) (rate(lb_request_duration_seconds_bucket[5m])))`

/** dashboards/rules.yml: series that are recorded, for dashboards over many balancers and for the alerts. */
export function recordingRules(): string {
  const requests = 'sum by (instance) (rate(lb_requests_total[5m]))'
  const failed = 'sum by (instance) (rate(lb_requests_total{class="5xx"}[5m]))'
  const rules = [
    ['instance_class:lb_requests:rate5m', 'sum by (instance, class) (rate(lb_requests_total[5m]))'],
    ['instance:lb_errors:ratio_rate5m', `${failed} / (${requests} > 0)`],
    ['instance:lb_latency_seconds:p50_rate5m', latency(0.5)],
    ['instance:lb_latency_seconds:p95_rate5m', latency(0.95)],
    ['instance:lb_latency_seconds:p99_rate5m', latency(0.99)],
    [
      'instance_worker:lb_worker_cpus:rate5m',
      'sum by (instance, worker) (rate(lb_worker_cpu_seconds_total[5m]))',
    ],
  ].map(([record, expr]) => ({ record, expr }))
  return `${note('Series that Prometheus records.')}${stringify({ groups: [{ name: 'lb', rules }] })}`
}

interface Alert {
  readonly alert: string
  readonly expr: string
  /** How long it must hold. */
  readonly lasts: string
  readonly severity: 'critical' | 'warning'
  readonly summary: string
  readonly description: string
}

const alerts: readonly Alert[] = [
  {
    alert: 'LbErrors',
    expr: 'instance:lb_errors:ratio_rate5m > 0.01',
    lasts: '5m',
    severity: 'critical',
    summary: '{{ $labels.instance }} answers more than 1 % of its requests with a 5xx status',
    description:
      'lb_local_replies_total has the reasons of those of the balancer, lb_backend_failure_reasons_total those of the backends.',
  },
  {
    alert: 'LbBackendDown',
    expr: 'lb_backend_up == 0',
    lasts: '1m',
    severity: 'warning',
    summary: '{{ $labels.backend }} gets no requests from {{ $labels.instance }}',
    description: '"lb backends" shows its last failure.',
  },
  {
    alert: 'LbEventLoopBlocked',
    expr: 'lb_event_loop_delay_p99_seconds > 0.1',
    lasts: '1m',
    severity: 'warning',
    summary:
      'the event loop of worker {{ $labels.worker }} of {{ $labels.instance }} is late by more than 100 ms',
    description: 'Its CPU is used up, or other programs use it: every request waits that long.',
  },
  {
    alert: 'LbRestarts',
    expr: 'lb_process_restarts_total > 0 and changes(lb_process_restarts_total[15m]) > 0',
    lasts: '0m',
    severity: 'critical',
    summary: 'the process of {{ $labels.instance }} ended and was started again',
    description: 'Its log has the reason.',
  },
  {
    alert: 'LbConfigurationRejected',
    expr: 'lb_config_last_reload_successful == 0',
    lasts: '0m',
    severity: 'warning',
    summary: '{{ $labels.instance }} runs with an earlier configuration: the last one was rejected',
    description: '"lb serve --check-config" names the field.',
  },
]

/** dashboards/alerts.yml. */
export function alertRules(): string {
  const rules = alerts.map(({ alert, expr, lasts, severity, summary, description }) => ({
    alert,
    expr,
    for: lasts,
    labels: { severity },
    annotations: { summary, description },
  }))
  const groups = [{ name: 'lb-alerts', rules }]
  return `${note('Alerts; rules.yml records what some of them read.')}${stringify({ groups })}`
}
