import { z } from 'zod'

/**
 * The fields of Envoy's v3 API and of Traefik's file provider that lb writes, as their references name and type
 * them, and no others. They replace the validators of the programs where those are not installed.
 */

const seconds = z.string().regex(/^\d+(\.\d+)?s$/)
const typed = <const Type extends string>(type: Type) =>
  z.literal(`type.googleapis.com/envoy.extensions.${type}`)
const socketAddress = z.strictObject({
  socket_address: z.strictObject({ address: z.string(), port_value: z.int().positive() }),
})
const protocolOptions = z.strictObject({ idle_timeout: seconds })

const route = z.strictObject({
  match: z.strictObject({ prefix: z.string() }),
  route: z.strictObject({
    cluster: z.string(),
    timeout: seconds,
    hash_policy: z.array(
      z.strictObject({ connection_properties: z.strictObject({ source_ip: z.boolean() }) }),
    ),
    retry_policy: z.strictObject({
      retry_on: z.literal('connect-failure'),
      num_retries: z.int().positive(),
    }),
  }),
})

const connectionManager = z.strictObject({
  '@type': typed('filters.network.http_connection_manager.v3.HttpConnectionManager'),
  stat_prefix: z.string().min(1),
  codec_type: z.enum(['AUTO', 'HTTP1', 'HTTP2', 'HTTP3']),
  use_remote_address: z.boolean(),
  generate_request_id: z.boolean(),
  common_http_protocol_options: protocolOptions,
  route_config: z.strictObject({
    virtual_hosts: z.array(
      z.strictObject({
        name: z.string().min(1),
        domains: z.array(z.string()).min(1),
        request_headers_to_add: z.array(
          z.strictObject({ header: z.strictObject({ key: z.string(), value: z.string() }) }),
        ),
        routes: z.array(route),
      }),
    ),
  }),
  http_filters: z.tuple([
    z.strictObject({
      name: z.literal('envoy.filters.http.router'),
      typed_config: z.strictObject({
        '@type': typed('filters.http.router.v3.Router'),
        suppress_envoy_headers: z.boolean(),
      }),
    }),
  ]),
})

const protocols = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'
const cluster = z.strictObject({
  name: z.string().min(1),
  type: z.enum(['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST']),
  connect_timeout: seconds,
  lb_policy: z.enum(['ROUND_ROBIN', 'LEAST_REQUEST', 'RING_HASH', 'RANDOM', 'MAGLEV']),
  circuit_breakers: z.strictObject({
    thresholds: z.array(
      z.strictObject({
        max_connections: z.int(),
        max_pending_requests: z.int(),
        max_requests: z.int(),
      }),
    ),
  }),
  outlier_detection: z.strictObject({
    consecutive_5xx: z.int(),
    base_ejection_time: seconds,
    max_ejection_percent: z.int().max(100),
  }),
  typed_extension_protocol_options: z.strictObject({
    [protocols]: z.strictObject({
      '@type': z.literal(`type.googleapis.com/${protocols}`),
      common_http_protocol_options: protocolOptions,
      explicit_http_config: z.strictObject({ http_protocol_options: z.strictObject({}) }),
    }),
  }),
  load_assignment: z.strictObject({
    cluster_name: z.string(),
    endpoints: z.array(
      z.strictObject({
        lb_endpoints: z
          .array(
            z.strictObject({
              endpoint: z.strictObject({ address: socketAddress }),
              load_balancing_weight: z.int().min(1),
            }),
          )
          .min(1),
      }),
    ),
  }),
})

/** Envoy's bootstrap, as far as lb writes it. */
export const envoyFields = z.strictObject({
  static_resources: z.strictObject({
    listeners: z.array(
      z.strictObject({
        name: z.string(),
        address: socketAddress,
        filter_chains: z.array(
          z.strictObject({
            filters: z.array(
              z.strictObject({
                name: z.literal('envoy.filters.network.http_connection_manager'),
                typed_config: connectionManager,
              }),
            ),
          }),
        ),
      }),
    ),
    clusters: z.array(cluster),
  }),
})

/** Traefik's dynamic configuration, as far as lb writes it. */
export const traefikFields = z.strictObject({
  http: z.strictObject({
    routers: z.record(
      z.string(),
      z.strictObject({
        entryPoints: z.array(z.string()),
        rule: z.string(),
        service: z.string(),
        middlewares: z.array(z.string()),
      }),
    ),
    middlewares: z.record(
      z.string(),
      z.strictObject({ retry: z.strictObject({ attempts: z.int().positive() }) }),
    ),
    services: z.record(
      z.string(),
      z.strictObject({
        loadBalancer: z.strictObject({
          strategy: z.enum(['wrr', 'p2c', 'hrw', 'leasttime']),
          passHostHeader: z.boolean(),
          serversTransport: z.string(),
          servers: z.array(z.strictObject({ url: z.url(), weight: z.int().nonnegative() })),
        }),
      }),
    ),
    serversTransports: z.record(
      z.string(),
      z.strictObject({
        disableHTTP2: z.boolean(),
        maxIdleConnsPerHost: z.int(),
        forwardingTimeouts: z.strictObject({
          dialTimeout: seconds,
          responseHeaderTimeout: seconds,
          idleConnTimeout: seconds,
        }),
      }),
    ),
  }),
})
