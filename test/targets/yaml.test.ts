import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { envoy } from '../../src/targets/envoy.ts'
import { traefik } from '../../src/targets/traefik.ts'

const order = (algorithm: string) => ({
  arm: { name: 'a', target: 'a', algorithm, cores: 2 },
  backends: [5, 1, 0].map((weight, i) => ({
    url: new URL(`http://127.0.0.1:${9001 + i}/`),
    weight,
  })),
  scratch: '/scratch',
  seed: 1,
  port: 9000,
})

test('Envoy is told each backend that gets traffic, its weight, and the policy', () => {
  const { static_resources } = parse(envoy.configuration?.(order('weighted')) ?? '')
  const [cluster] = static_resources.clusters
  expect(cluster).toMatchObject({
    lb_policy: 'ROUND_ROBIN',
    circuit_breakers: { thresholds: [{ max_requests: expect.any(Number) }] },
  })
  expect(cluster.load_assignment.endpoints[0].lb_endpoints).toEqual(
    [5, 1].map((weight, i) => ({
      endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: 9001 + i } } },
      load_balancing_weight: weight,
    })),
  )
  expect(static_resources.listeners[0].address.socket_address).toEqual({
    address: '127.0.0.1',
    port_value: 9000,
  })
})

test('Traefik is told each backend, its weight, and the strategy', () => {
  const { http } = parse(traefik.configuration?.(order('two-choices')) ?? '')
  expect(http.services.backends.loadBalancer).toMatchObject({
    strategy: 'p2c',
    servers: [
      { url: 'http://127.0.0.1:9001', weight: 1 },
      { url: 'http://127.0.0.1:9002', weight: 1 },
      { url: 'http://127.0.0.1:9003', weight: 0 },
    ],
  })
})
