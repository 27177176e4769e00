import { describe, expect, test } from 'vitest'
import { haproxy } from '../../src/targets/haproxy.ts'
import { targets } from '../../src/targets/index.ts'
import { nginx } from '../../src/targets/nginx.ts'
import type { Target, TargetOrder } from '../../src/targets/target.ts'

function order(target: Target, cores: number, template?: string): TargetOrder {
  return {
    arm: { name: 'a', target: target.name, algorithm: 'round-robin', cores },
    backends: [{ url: new URL('http://127.0.0.1:9001/'), weight: 1 }],
    scratch: '/scratch',
    seed: 1,
    port: 9000,
    settings: { template },
  }
}

/** The configuration that lb writes itself, with one thing changed, as the user's own. */
function warnings(target: Target, from: RegExp | string, to: string): readonly string[] {
  const own = target.configuration?.(order(target, 2)) ?? ''
  const changed = own.replace(from, to)
  expect(changed).not.toBe(own)
  return target.warnings?.(order(target, 2, changed)) ?? []
}

const written = targets.filter(({ warnings }) => warnings !== undefined)

test.for(written)('what lb writes itself for $name is fair', (target) => {
  const own = target.configuration?.(order(target, 2)) ?? ''
  expect(target.warnings?.(order(target, 2, own))).toEqual([])
})

test('a template is filled in before it is judged', () => {
  const own = nginx.configuration?.(order(nginx, 2)) ?? ''
  const template = own.replace('worker_processes 2;', 'worker_processes {workers};')
  expect(nginx.warnings?.(order(nginx, 4, template))).toEqual([])
})

describe('nginx', () => {
  test.for([
    [/ keepalive \d+;/, ' ', /no "keepalive"/],
    ['proxy_http_version 1.1;', '', /HTTP\/1\.0/],
    ['proxy_http_version 1.1;', '# proxy_http_version 1.1;', /HTTP\/1\.0/],
    ['proxy_set_header Connection "";', '', /closes each connection/],
    ['access_log off;', 'access_log /tmp/log;', /writes a line/],
    ['worker_processes 2;', 'worker_processes auto;', /worker_processes is not 2/],
    ['gzip off;', 'gzip on;', /compresses/],
  ] as const)('%s → "%s" is unfair', ([from, to, said]) => {
    expect(warnings(nginx, from, to)).toEqual([expect.stringMatching(said)])
  })
})

describe('HAProxy', () => {
  test.for([
    ['http-reuse always', 'http-reuse never', /seldom share/],
    ['mode http', 'mode http\n  option http-server-close', /closes connections/],
    ['mode http', 'mode http\n  log stdout format raw local0', /writes a line/],
    ['nbthread 2', 'nbthread 4', /nbthread is not 2/],
    ['mode http', 'mode http\n  compression algo gzip', /compresses/],
  ] as const)('%s → "%s" is unfair', ([from, to, said]) => {
    expect(warnings(haproxy, from, to)).toEqual([expect.stringMatching(said)])
  })
})
