import { effectiveWeight } from './effective-weight.ts'
import { programTarget } from './program-target.ts'
import { sameForAll } from './same-for-all.ts'
import type { TargetOptions } from './target.ts'

/** The `balance` directive of each algorithm, and other directives that it needs. */
const directives: Readonly<Record<string, string>> = {
  'round-robin': 'balance roundrobin',
  weighted: 'balance roundrobin',
  'least-connections': 'balance leastconn',
  'weighted-least-connections': 'balance leastconn',
  random: 'balance random(1)',
  'weighted-random': 'balance random(1)',
  'two-choices': 'balance random(2)',
  'ip-hash': 'balance source',
  'consistent-hash': 'balance source\nhash-type consistent',
  'bounded-consistent-hash': 'balance source\nhash-type consistent\nhash-balance-factor 125',
}

const template = `global
  nbthread {workers}
  maxconn {connections}

defaults
  mode http
  option forwardfor
  http-reuse always
  retries {retries}
  option redispatch 1
  timeout connect {connect}s
  timeout client {idle}s
  timeout server {idle}s
  timeout http-keep-alive {keepAlive}s

listen balancer
  bind {address}:{port} backlog 4096
  {algorithm}
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  # The check only opens a connection; it restores backends that failed requests took out.
  default-server check inter {ejection}s rise 1 observe layer7 error-limit {failures} on-error mark-down
  default-server pool-max-conn {pool} pool-purge-delay {poolSeconds}s
  {backends}
`

/** HAProxy: one process, whose threads share the state of the backends. */
export const haproxy = programTarget({
  name: 'haproxy',
  summary: 'HAProxy, one thread per core',
  algorithms: {
    'round-robin': 'roundrobin',
    weighted: 'roundrobin, weight',
    'least-connections': 'leastconn',
    'weighted-least-connections': 'leastconn, weight',
    random: 'random(1)',
    'weighted-random': 'random(1), weight',
    'two-choices': 'random(2)',
    'ip-hash': 'source',
    'consistent-hash': 'source, hash-type consistent',
    'bounded-consistent-hash': 'source, hash-type consistent, hash-balance-factor 125',
  },
  file: 'haproxy',
  install: 'run apt-get install haproxy',
  version: { args: ['-v'], pattern: /version (\S+)/i },
  config: 'haproxy.cfg',
  template,

  values: (options) => ({
    ...sameForAll,
    algorithm: directives[options.arm.algorithm] ?? '',
    backends: servers(options),
    retries: sameForAll.tries - 1,
    // Its threads share one pool per backend.
    pool: sameForAll.poolPerBackend * options.arm.cores,
  }),

  rules: ({ arm }) => [
    {
      must: 'not have',
      pattern: /^\s*option\s+(httpclose|http-server-close)\b/m,
      code: 'config-closes-connections',
      setting: 'option httpclose or http-server-close',
    },
    {
      must: 'have',
      pattern: /^\s*http-reuse\s+(always|aggressive)\b/m,
      code: 'config-seldom-shares-connections',
      setting: 'http-reuse always',
    },
    {
      must: 'not have',
      pattern: /^\s*log\s+(?!global)\S/m,
      code: 'config-logs-requests',
      setting: 'log',
    },
    {
      must: 'have',
      pattern: new RegExp(`^\\s*nbthread\\s+${arm.cores}\\s*$`, 'm'),
      code: 'config-workers',
      setting: 'nbthread',
      workers: arm.cores,
    },
    {
      must: 'not have',
      pattern: /^\s*compression\s+algo\b/m,
      code: 'config-compresses',
      setting: 'compression algo',
    },
  ],

  check: (config) => ['-c', '-f', config],
  run: (config) => ['-db', '-f', config],
})

function servers({ arm, backends }: TargetOptions): string {
  return backends
    .map((backend, i) => {
      const weight = effectiveWeight(arm.algorithm, backend)
      return `server backend-${i + 1} ${backend.url.host} weight ${weight}`
    })
    .join('\n')
}
