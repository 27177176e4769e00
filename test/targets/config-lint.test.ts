import { describe, expect, test } from 'vitest'
import { caddy } from '../../src/targets/caddy.ts'
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
function warnings(target: Target, from: RegExp | string, to: string): readonly string[] {
  const own = target.configuration?.(targetOptions(target, 2)) ?? ''
  const changed = own.replace(from, to)
  expect(changed).not.toBe(own)
  return target.warnings?.(targetOptions(target, 2, changed)) ?? []
}

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
  test.for([
    [/ keepalive \d+;/, ' ', /no "keepalive"/],
    ['proxy_http_version 1.1;', '', /HTTP\/1\.0/],
    ['proxy_http_version 1.1;', '# proxy_http_version 1.1;', /HTTP\/1\.0/],
    ['proxy_set_header Connection "";', '', /closes each connection/],
    ['access_log off;', 'access_log /var/log/a.log;', /logs each request/],
    [
      'access_log off;',
      'access_log off; server { access_log /var/log/a.log; }',
      /logs each request/,
    ],
    ['worker_processes 2;', 'worker_processes auto;', /worker_processes is not 2/],
    ['gzip off;', 'gzip on;', /compresses/],
  ] as const)('a warning: %s → "%s"', ([from, to, warning]) => {
    expect(warnings(nginx, from, to)).toEqual([expect.stringMatching(warning)])
  })
})

describe('HAProxy', () => {
  test.for([
    ['http-reuse always', 'http-reuse never', /rarely share/],
    ['mode http', 'mode http\n  option http-server-close', /closes connections/],
    ['mode http', 'mode http\n  log stdout format raw local0', /logs each request/],
    ['nbthread 2', 'nbthread 4', /nbthread is not 2/],
    ['mode http', 'mode http\n  compression algo gzip', /compresses/],
  ] as const)('a warning: %s → "%s"', ([from, to, warning]) => {
    expect(warnings(haproxy, from, to)).toEqual([expect.stringMatching(warning)])
  })
})

describe('Caddy', () => {
  test.for([
    [/keepalive \S+s\n/, 'keepalive off\n', /closes each connection/],
    ['lb_policy', 'log\n    lb_policy', /It logs/],
    ['reverse_proxy', 'log {\n    format json\n  }\n  reverse_proxy', /It logs/],
    ['reverse_proxy', 'encode gzip\n  reverse_proxy', /compresses/],
  ] as const)('a warning: %s → "%s"', ([from, to, warning]) => {
    expect(warnings(caddy, from, to)).toEqual([expect.stringMatching(warning)])
  })
})

describe('Envoy', () => {
  test.for([
    ['stat_prefix: lb', 'stat_prefix: lb\n                access_log: []', /It logs/],
    [
      /common_http_protocol_options: \{ idle_timeout: 4s/,
      'common_http_protocol_options: { max_requests_per_connection: 1, idle_timeout: 4s',
      /closes each connection/,
    ],
    ['http_filters:', 'http_filters:\n - name: envoy.filters.http.compressor', /compresses/],
  ] as const)('a warning: %s → "%s"', ([from, to, warning]) => {
    expect(warnings(envoy, from, to)).toEqual([expect.stringMatching(warning)])
  })
})

describe('Traefik', () => {
  test.for([
    [/maxIdleConnsPerHost: \d+/, 'maxIdleConnsPerHost: -1', /keeps no connections/],
    ['  middlewares:\n', '  middlewares:\n    gzip:\n      compress: {}\n', /compresses/],
  ] as const)('a warning: %s → "%s"', ([from, to, warning]) => {
    expect(warnings(traefik, from, to)).toEqual([expect.stringMatching(warning)])
  })
})
