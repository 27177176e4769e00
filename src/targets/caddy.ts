import { programTarget } from './program-target.ts'
import { sameForAll } from './same-for-all.ts'

/** `lb_policy` for each algorithm. Caddy 2.8 added weighted round robin; Debian has 2.6. */
const policies: Readonly<Record<string, string>> = {
  'round-robin': 'round_robin',
  'least-connections': 'least_conn',
  random: 'random',
  'two-choices': 'random_choose 2',
  'ip-hash': 'ip_hash',
}

const template = `{
  admin {admin}
  auto_https off
  log {
    level ERROR
  }
  servers {
    timeouts {
      idle {keepAlive}s
    }
  }
}

:{port} {
  bind {address}
  reverse_proxy {backends} {
    lb_policy {algorithm}
    lb_retries {retries}
    max_fails {failures}
    fail_duration {ejection}s
    transport http {
      versions 1.1
      compression off
      dial_timeout {connect}s
      response_header_timeout {idle}s
      keepalive {poolSeconds}s
      keepalive_idle_conns 0
      keepalive_idle_conns_per_host {pool}
    }
  }
}
`

/** Caddy 2.6 and later. */
export const caddy = programTarget({
  name: 'caddy',
  summary: 'Caddy, with GOMAXPROCS set to the number of cores',
  algorithms: policies,
  file: 'caddy',
  install: 'run apt-get install caddy',
  version: { args: ['version'], pattern: /v?(\d+\.\d+\.\d+)/ },
  config: 'Caddyfile',
  template,

  values: ({ arm, backends, admin }) => ({
    ...sameForAll,
    algorithm: policies[arm.algorithm] ?? '',
    backends: backends
      .filter(({ weight }) => weight > 0)
      .map(({ url }) => url.host)
      .join(' '),
    retries: sameForAll.tries - 1,
    // All threads of the Go runtime share one pool.
    pool: sameForAll.poolPerBackend * arm.cores,
    // Its admin port serves /debug/pprof.
    admin: admin === undefined ? 'off' : `${sameForAll.address}:${admin.port}`,
  }),

  rules: () => [
    {
      must: 'not have',
      pattern: /^\s*keepalive\s+off\b/m,
      code: 'config-closes-connections',
      setting: 'keepalive off',
    },
    {
      must: 'not have',
      // Access logs have level INFO, and every site with `log` writes them.
      pattern: /^\s*log\b(?!\s*\{\s*level\s+(ERROR|WARN)\s*\})/m,
      code: 'config-logs-requests',
      setting: 'log',
    },
    { must: 'not have', pattern: /^\s*encode\s/m, code: 'config-compresses', setting: 'encode' },
  ],

  check: (config) => ['validate', '--adapter', 'caddyfile', '--config', config],
  run: (config) => ['run', '--adapter', 'caddyfile', '--config', config],
  env: ({ arm, folder }) => ({
    GOMAXPROCS: String(arm.cores),
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  }),
})
