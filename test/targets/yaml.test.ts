import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { envoy } from '../../src/targets/envoy.ts'
import { traefik } from '../../src/targets/traefik.ts'
import { envoyFields, traefikFields } from './documented-fields.ts'

const targetOptions = (algorithm: string) => ({
  arm: { name: 'a', target: 'a', algorithm, cores: 2 },
  backends: [5, 1, 0].map((weight, i) => ({
    url: new URL(`http://127.0.0.1:${9001 + i}/`),
    weight,
  })),
  folder: '/scratch',
  seed: 1,
  port: 9000,
})

test('the configuration of Envoy has each backend with traffic, its weight, and the policy', () => {
  const { static_resources } = parse(envoy.configuration?.(targetOptions('weighted')) ?? '')
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

test('the configuration of Traefik has each backend, its weight, and the strategy', () => {
  const { http } = parse(traefik.configuration?.(targetOptions('two-choices')) ?? '')
  expect(http.services.backends.loadBalancer).toMatchObject({
    strategy: 'p2c',
    servers: [
      { url: 'http://127.0.0.1:9001', weight: 1 },
      { url: 'http://127.0.0.1:9002', weight: 1 },
      { url: 'http://127.0.0.1:9003', weight: 0 },
    ],
  })
})

const both = [
  { target: envoy, fields: envoyFields },
  { target: traefik, fields: traefikFields },
].flatMap(({ target, fields }) =>
  Object.keys(target.algorithms).map((algorithm) => ({
    name: target.name,
    target,
    algorithm,
    fields,
  })),
)

test.for(both)('$name, $algorithm: every field is in its reference documentation', (one) => {
  const { target, algorithm, fields } = one
  fields.parse(parse(target.configuration?.(targetOptions(algorithm)) ?? ''))
})

test('the names by which the parts of Envoy’s configuration refer to each other exist', () => {
  const { static_resources } = envoyFields.parse(
    parse(envoy.configuration?.(targetOptions('random')) ?? ''),
  )
  const [cluster] = static_resources.clusters
  const manager = static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config
  expect(manager?.route_config.virtual_hosts[0]?.routes[0]?.route.cluster).toBe(cluster?.name)
  expect(cluster?.load_assignment.cluster_name).toBe(cluster?.name)
})

test('the names by which the parts of Traefik’s configuration refer to each other exist, and its entry point is in its arguments', () => {
  const { http } = traefikFields.parse(
    parse(traefik.configuration?.(targetOptions('round-robin')) ?? ''),
  )
  const [router] = Object.values(http.routers)
  expect(Object.keys(http.services)).toEqual([router?.service])
  expect(Object.keys(http.middlewares)).toEqual(router?.middlewares)
  const [service] = Object.values(http.services)
  expect(Object.keys(http.serversTransports)).toEqual([service?.loadBalancer.serversTransport])
  for (const name of router?.entryPoints ?? []) {
    expect(traefik.commandLine?.(targetOptions('round-robin'))).toContain(
      `--entrypoints.${name}.address=`,
    )
  }
})
