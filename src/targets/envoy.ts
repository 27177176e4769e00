import { effectiveWeight } from './effective-weight.ts'
import { programTarget } from './program-target.ts'
import { sameForAll } from './same-for-all.ts'
import type { TargetOptions } from './target.ts'

/** `lb_policy` of the cluster for each algorithm. */
const policies: Readonly<Record<string, string>> = {
  'round-robin': 'ROUND_ROBIN',
  weighted: 'ROUND_ROBIN',
  random: 'RANDOM',
  'two-choices': 'LEAST_REQUEST',
  'consistent-hash': 'RING_HASH',
  maglev: 'MAGLEV',
}

const template = `static_resources:
  listeners:
    - name: lb
      address:
        socket_address: { address: {address}, port_value: {port} }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: lb
                codec_type: HTTP1
                use_remote_address: true
                generate_request_id: false
                common_http_protocol_options: { idle_timeout: {keepAlive}s }
                route_config:
                  virtual_hosts:
                    - name: everything
                      domains: ['*']
                      request_headers_to_add:
                        - header: { key: X-Forwarded-Host, value: '%REQ(:AUTHORITY)%' }
                      routes:
                        - match: { prefix: / }
                          route:
                            cluster: backends
                            timeout: {idle}s
                            hash_policy:
                              - connection_properties: { source_ip: true }
                            retry_policy: { retry_on: connect-failure, num_retries: {retries} }
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                      suppress_envoy_headers: true
  clusters:
    - name: backends
      type: STATIC
      connect_timeout: {connect}s
      lb_policy: {algorithm}
      # Envoy's defaults are 1,024 each.
      circuit_breakers:
        thresholds:
          - max_connections: {connections}
            max_pending_requests: {connections}
            max_requests: {connections}
      outlier_detection:
        consecutive_5xx: {failures}
        base_ejection_time: {ejection}s
        max_ejection_percent: 50
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          '@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          common_http_protocol_options: { idle_timeout: {poolSeconds}s }
          explicit_http_config: { http_protocol_options: {} }
      load_assignment:
        cluster_name: backends
        endpoints:
          - lb_endpoints:
              {backends}
`

/** Envoy. Its workers share nothing: each takes its own turns. */
export const envoy = programTarget({
  name: 'envoy',
  summary: 'Envoy, one worker thread per core',
  algorithms: {
    'round-robin': 'ROUND_ROBIN',
    weighted: 'ROUND_ROBIN, load_balancing_weight',
    random: 'RANDOM',
    'two-choices': 'LEAST_REQUEST',
    'consistent-hash': 'RING_HASH',
    maglev: 'MAGLEV',
  },
  file: 'envoy',
  install: 'download it from https://www.envoyproxy.io/docs/envoy/latest/start/install',
  version: { args: ['--version'], pattern: /\/(\d+\.\d+\.\d+)/ },
  config: 'envoy.yaml',
  template,

  values: (options) => ({
    ...sameForAll,
    algorithm: policies[options.arm.algorithm] ?? '',
    backends: endpoints(options),
    retries: sameForAll.tries - 1,
  }),

  rules: () => [
    {
      must: 'not have',
      pattern: /^\s*(-\s+)?access_log\s*:/m,
      code: 'config-logs-requests',
      setting: 'access_log',
    },
    {
      must: 'not have',
      pattern: /max_requests_per_connection\s*:\s*1\b/,
      code: 'config-closes-connections',
      setting: 'max_requests_per_connection: 1',
    },
    {
      must: 'not have',
      pattern: /envoy\.filters\.http\.compressor/,
      code: 'config-compresses',
      setting: 'envoy.filters.http.compressor',
    },
  ],

  check: (config) => ['--mode', 'validate', '-c', config],
  run: (config, { arm }) => [
    ...['-c', config],
    ...['--concurrency', String(arm.cores)],
    ...['--log-level', 'error'],
    '--disable-hot-restart',
  ],
})

/** Envoy's minimum weight is 1, so a backend of weight 0 is left out. */
function endpoints({ arm, backends }: TargetOptions): string {
  return backends
    .map((backend) => ({ backend, weight: effectiveWeight(arm.algorithm, backend) }))
    .filter(({ weight }) => weight > 0)
    .map(({ backend: { url }, weight }) =>
      [
        '- endpoint:',
        '    address:',
        `      socket_address: { address: ${url.hostname}, port_value: ${url.port} }`,
        `  load_balancing_weight: ${weight}`,
      ].join('\n'),
    )
    .join('\n')
}
