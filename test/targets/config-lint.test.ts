import { describe, expect, test } from 'vitest'
import { caddy } from '../../src/targets/caddy.ts'
import type { ConfigWarning } from '../../src/targets/config-lint.ts'
import { envoy } from '../../src/targets/envoy.ts'
import { haproxy } from '../../src/targets/haproxy.ts'
import { targets } from '../../src/targets/index.ts'
import { nginx } from '../../src/targets/nginx.ts'
import type { Target, TargetOptions } from '../../src/targets/target.ts'
import { traefik } from '../../src/targets/traefik.ts'

function targetOptions(target: Target, cores: number, template?: string): TargetOptions {
  return {
    arm: { name: 'a', target: target.name, algorithm: 'round-robin', cores },
    backends: [{ url: new URL('http://127.0.0.1:9001/'), weight: 1 }],
    folder: '/scratch',
    seed: 1,
    port: 9000,
    settings: { template },
  }
}

/** The warnings about the configuration that lb writes, with one thing changed. */
function warnings(target: Target, from: RegExp | string, to: string): readonly ConfigWarning[] {
  const own = target.configuration?.(targetOptions(target, 2)) ?? ''
  const changed = own.replace(from, to)
  expect(changed).not.toBe(own)
  return target.warnings?.(targetOptions(target, 2, changed)) ?? []
}

/** The warning of a rule: the state of a setting, or the number of workers that it should have. */
function warning(
  code: ConfigWarning['code'],
  setting: string,
  detail: 'set' | 'missing' | number,
): ConfigWarning {
  return (
    typeof detail === 'number'
      ? { code, values: { setting, workers: detail } }
      : { code, values: { setting, state: detail } }
  ) as ConfigWarning
}

/** A change of a fair configuration, and the warning that it brings. */
type Change = [from: RegExp | string, to: string, ...Parameters<typeof warning>]

const written = targets.filter(({ warnings }) => warnings !== undefined)

test.for(written)('the configuration that lb writes for $name has no warnings', (target) => {
  const own = target.configuration?.(targetOptions(target, 2)) ?? ''
  expect(target.warnings?.(targetOptions(target, 2, own))).toEqual([])
})

test('a template is filled in before it is checked', () => {
  const own = nginx.configuration?.(targetOptions(nginx, 2)) ?? ''
  const template = own.replace('worker_processes 2;', 'worker_processes {workers};')
  expect(nginx.warnings?.(targetOptions(nginx, 4, template))).toEqual([])
})

describe('nginx', () => {
  test.for<Change>([
    [/ keepalive \d+;/, ' ', 'config-closes-connections', 'keepalive', 'missing'],
    ['proxy_http_version 1.1;', '', 'config-http-1.0', 'proxy_http_version 1.1', 'missing'],
    [
      'proxy_http_version 1.1;',
      '# proxy_http_version 1.1;',
      'config-http-1.0',
      'proxy_http_version 1.1',
      'missing',
    ],
    [
      'proxy_set_header Connection "";',
      '',
      'config-closes-connections',
      'proxy_set_header Connection ""',
      'missing',
    ],
    [
      'access_log off;',
      'access_log /var/log/a.log;',
      'config-logs-requests',
      'access_log off',
      'missing',
    ],
    [
      'access_log off;',
      'access_log off; server { access_log /var/log/a.log; }',
      'config-logs-requests',
      'access_log off',
      'missing',
    ],
    ['worker_processes 2;', 'worker_processes auto;', 'config-workers', 'worker_processes', 2],
    ['gzip off;', 'gzip on;', 'config-compresses', 'gzip on', 'set'],
  ])('%s → "%s" is unfair: %s', ([from, to, ...expected]) => {
    expect(warnings(nginx, from, to)).toEqual([warning(...expected)])
  })
})

describe('HAProxy', () => {
  test.for<Change>([
    [
      'http-reuse always',
      'http-reuse never',
      'config-seldom-shares-connections',
      'http-reuse always',
      'missing',
    ],
    [
      'mode http',
      'mode http\n  option http-server-close',
      'config-closes-connections',
      'option httpclose or http-server-close',
      'set',
    ],
    [
      'mode http',
      'mode http\n  log stdout format raw local0',
      'config-logs-requests',
      'log',
      'set',
    ],
    ['nbthread 2', 'nbthread 4', 'config-workers', 'nbthread', 2],
    [
      'mode http',
      'mode http\n  compression algo gzip',
      'config-compresses',
      'compression algo',
      'set',
    ],
  ])('%s → "%s" is unfair: %s', ([from, to, ...expected]) => {
    expect(warnings(haproxy, from, to)).toEqual([warning(...expected)])
  })
})

describe('Caddy', () => {
  test.for<Change>([
    [/keepalive \S+s\n/, 'keepalive off\n', 'config-closes-connections', 'keepalive off', 'set'],
    ['lb_policy', 'log\n    lb_policy', 'config-logs-requests', 'log', 'set'],
    [
      'reverse_proxy',
      'log {\n    format json\n  }\n  reverse_proxy',
      'config-logs-requests',
      'log',
      'set',
    ],
    ['reverse_proxy', 'encode gzip\n  reverse_proxy', 'config-compresses', 'encode', 'set'],
  ])('%s → "%s" is unfair: %s', ([from, to, ...expected]) => {
    expect(warnings(caddy, from, to)).toEqual([warning(...expected)])
  })
})

describe('Envoy', () => {
  test.for<Change>([
    [
      'stat_prefix: lb',
      'stat_prefix: lb\n                access_log: []',
      'config-logs-requests',
      'access_log',
      'set',
    ],
    [
      /common_http_protocol_options: \{ idle_timeout: 4s/,
      'common_http_protocol_options: { max_requests_per_connection: 1, idle_timeout: 4s',
      'config-closes-connections',
      'max_requests_per_connection: 1',
      'set',
    ],
    [
      'http_filters:',
      'http_filters:\n - name: envoy.filters.http.compressor',
      'config-compresses',
      'envoy.filters.http.compressor',
      'set',
    ],
  ])('%s → "%s" is unfair: %s', ([from, to, ...expected]) => {
    expect(warnings(envoy, from, to)).toEqual([warning(...expected)])
  })
})

describe('Traefik', () => {
  test.for<Change>([
    [
      /maxIdleConnsPerHost: \d+/,
      'maxIdleConnsPerHost: -1',
      'config-closes-connections',
      'maxIdleConnsPerHost below 0',
      'set',
    ],
    [
      '  middlewares:\n',
      '  middlewares:\n    gzip:\n      compress: {}\n',
      'config-compresses',
      'compress',
      'set',
    ],
  ])('%s → "%s" is unfair: %s', ([from, to, ...expected]) => {
    expect(warnings(traefik, from, to)).toEqual([warning(...expected)])
  })
})
