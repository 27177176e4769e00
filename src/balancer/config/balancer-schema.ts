import { z } from 'zod'
import { accessLogFormat } from './access-log-format.ts'
import { adminSettings } from './admin-settings.ts'
import { backendTlsSettings } from './backend-tls-settings.ts'
import { seconds } from './duration-setting.ts'
import { healthSettings } from './health-settings.ts'
import { listenModeSettings, listenSettings } from './listen-settings.ts'
import { memorySettings } from './memory-settings.ts'
import { observeSettings } from './observe-settings.ts'
import { requestLimitSettings } from './request-limit-settings.ts'
import { resolverSettings } from './resolver-settings.ts'
import { tlsSettings } from './tls-settings.ts'
import { trustedProxiesSettings } from './trusted-proxies-settings.ts'
import { zoneName } from './zone-settings.ts'

const timeouts = z.strictObject({
  connect: seconds
    .default(5)
    .describe('Seconds until a connection to a backend must be established.'),
  firstByte: seconds
    .default(120)
    .describe(
      'Seconds from the end of a request to the first byte of its response from a backend. Each of the first 100 interim responses (1xx) starts them again.',
    ),
  idle: seconds
    .default(120)
    .describe(
      'Seconds without a byte in either direction in the middle of a request or a response.',
    ),
  request: seconds
    .optional()
    .describe(
      'Seconds from the head of a request to the end of its response. Without it: no limit.',
    ),
  head: seconds
    .default(15)
    .describe('Seconds from the first byte of the head of a request to its end.'),
  body: seconds
    .optional()
    .describe('Seconds without a byte of the body of a request. Without it: `idle`.'),
  keepAlive: seconds
    .default(60)
    .describe('Seconds that a client connection may wait for its next request.'),
  pool: seconds
    .default(4)
    .describe(
      'Seconds that an idle backend connection is kept. Less than the keep-alive time of the backends.',
    ),
  tunnel: seconds
    .default(3600)
    .describe('Seconds without a byte in either direction of a tunnel, such as a WebSocket.'),
  linger: seconds
    .default(2)
    .describe(
      'Seconds that a client has to close after its last response, before the connection is cut.',
    ),
  grace: z
    .number()
    .nonnegative()
    .default(0)
    .describe(
      'Seconds from the order to stop, during which connections are still accepted while `/healthz` responds 503, so that load balancers in front notice.',
    ),
  drain: seconds
    .default(10)
    .describe('Seconds that requests in flight have to end when the balancer stops.'),
})

const limits = z.strictObject({
  headBytes: z
    .int()
    .positive()
    .default(16_384)
    .describe('Maximum bytes of the head of a request, and of a response.'),
  fields: z.int().positive().default(1000).describe('Maximum number of fields in one head.'),
  bodyBytes: z
    .int()
    .nonnegative()
    .default(0)
    .describe('Maximum bytes of the body of a request; 0: no limit.'),
  bodyRate: z
    .number()
    .nonnegative()
    .default(240)
    .describe(
      'Minimum bytes per second of the body of a request, on average after the first `timeouts.idle` seconds, until its response begins; 0: no minimum.',
    ),
  connections: z
    .int()
    .nonnegative()
    .default(0)
    .describe('Maximum client connections over all workers; 0: no limit.'),
  pool: z
    .int()
    .nonnegative()
    .max(65_536)
    .default(512)
    .describe(
      'Maximum idle connections that each worker keeps to each backend in HTTP/1.1; 0: none, so that each request opens a connection.',
    ),
  readBuffer: z
    .int()
    .min(1024)
    .max(1_048_576)
    .default(65_536)
    .describe(
      'Bytes that one read from a client or a backend takes at most. Each worker has one such buffer for each side.',
    ),
  backendRequests: z
    .int()
    .nonnegative()
    .default(0)
    .describe(
      'Maximum requests in flight to one backend over all workers, each of which takes a connection in HTTP/1.1; 0: no limit. A backend at its limit is passed over, and 503 if all are.',
    ),
})

/** Retries and the retry budget: proxy/retry-budget.ts. */
const retries = z.strictObject({
  tries: z
    .int()
    .positive()
    .default(3)
    .describe('Maximum number of backends that one request is sent to.'),
  share: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Retry budget: maximum retries in flight, as a share of the requests in flight.'),
  // Enough for the requests in flight to a backend that is killed under moderate load. Envoy allows 3.
  min: z
    .int()
    .nonnegative()
    .default(32)
    .describe('Retry budget: retries in flight that are always allowed.'),
})

/** Schema of one backend in the configuration. */
export const backendSchema = z.strictObject({
  url: z
    .string()
    .describe(
      'Address: `http://host:port`, `https://host:port` (HTTP/2 if the backend offers it), `h2c://host:port`, or a unix socket: `unix:/path` or `h2c+unix:/path`, with `?host=NAME` for the Host of requests without one.',
    ),
  weight: z
    .int()
    .nonnegative()
    .default(1)
    .describe('Share of the requests relative to the other backends; 0: none.'),
  proxyProtocol: z
    .enum(['v1', 'v2'])
    .optional()
    .describe(
      'Version of the PROXY protocol header that connections begin with, which names their client. Without it: none.',
    ),
  zone: zoneName.optional().describe('Zone that the backend runs in: see `health.zone`.'),
  backup: z
    .boolean()
    .default(false)
    .describe('Whether it gets requests only while no other backend is healthy.'),
})

/**
 * Schema of the configuration of the balancer: all its settings (knobs), with defaults and limits. To add a setting: a
 * field here, with its default and `describe`; rules across fields in config.ts (`checkConfig`); `npm run docs` writes
 * docs/reference/balancer-configuration.md. Code reads it as `settings.…`. A flag of `lb serve` for it:
 * commands/serve.ts, and `configOf` in src/app/serve.ts.
 */
export const balancerSchema = z.strictObject({
  algorithm: z
    .string()
    .default('round-robin')
    .describe(
      'Algorithm that chooses backends, by name or alias: see [algorithms](algorithms.md).',
    ),
  parameters: z
    .record(z.string(), z.number())
    .default({})
    .describe('Parameters of the algorithm, by name; the others keep their defaults.'),
  key: z
    .string()
    .default('client-ip')
    .describe(
      'Hash key of hash algorithms: `client-ip`, `path`, `header:NAME`, `cookie:NAME` or `query:NAME`.',
    ),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port to listen on; 0: the kernel chooses one.'),
  listen: listenSettings
    .optional()
    .describe(
      'Unix socket to listen on, `unix:/path`, in place of `host` and `port`. A file that nobody listens on is replaced.',
    ),
  listenMode: listenModeSettings
    .default('0660')
    .describe('Permissions of the file of the unix socket, octal: clients need to write.'),
  tls: tlsSettings.optional().describe('TLS for clients. Without it: plain HTTP/1.1 and HTTP/2.'),
  backlog: z
    .int()
    .positive()
    .max(65_535)
    .default(4096)
    .describe(
      'Connections that the kernel queues until they are accepted; at most its limit `net.core.somaxconn`.',
    ),
  tcpKeepAlive: z
    .boolean()
    .default(true)
    .describe(
      'Whether the kernel probes the peers of connections without traffic, clients and backends: first after 60 seconds.',
    ),
  workers: z.int().positive().default(1).describe('Number of worker threads.'),
  sharedState: z
    .boolean()
    .default(true)
    .describe(
      'Whether the workers share the state of the algorithm, such as the position of round robin; false: each has its own. Requests in flight are counted over all workers in either case.',
    ),
  memory: memorySettings.prefault({}).describe('Limits of the memory of each worker.'),
  backends: z.array(backendSchema).min(1).describe('Backends, at least one.'),
  seed: z.int().default(1).describe('Seed of the random choices of the algorithm.'),
  timeouts: timeouts.prefault({}).describe('Time limits.'),
  limits: limits.prefault({}).describe('Size limits.'),
  retries: retries.prefault({}).describe('Retries at other backends.'),
  health: healthSettings.prefault({}).describe('Health checks and ejection.'),
  resolver: resolverSettings
    .prefault({})
    .describe('How names of backends are looked up: see [names](balancer.md#names-of-backends).'),
  backendTls: backendTlsSettings
    .prefault({})
    .describe('How certificates of backends at `https://` addresses are verified.'),
  rateLimit: requestLimitSettings
    .optional()
    .describe('Rate limit of each client. Without it: none.'),
  admin: adminSettings
    .optional()
    .describe('Admin port for metrics and for changing backends. Without it: none.'),
  observe: observeSettings
    .prefault({})
    .describe('What the balancer notes about itself beside its metrics.'),
  accessLog: z
    .string()
    .min(1)
    .optional()
    .describe('File that gets one line per request. Without it: no log.'),
  accessLogFormat: accessLogFormat
    .default('json')
    .describe(
      'Format of its lines: `json`, `common`, `combined`, or a template with [variables](#access-log), such as `$remote_addr "$request" $status`.',
    ),
  accessLogSample: z
    .int()
    .positive()
    .default(1)
    .describe(
      'Of so many requests to a worker, one has a line, as has each that failed for a [reason](failure-reasons.md); 1: every request.',
    ),
  trustedProxies: trustedProxiesSettings
    .default([])
    .describe(
      'Addresses and networks of proxies in front of the balancer, and `unix` for clients of unix sockets. Their X-Forwarded-For, -Proto, -Host, -Port and Forwarded are kept, and the client is the right-most address in them that is not trusted. With it, these fields of all other clients are replaced.',
    ),
  proxyProtocol: z
    .boolean()
    .default(false)
    .describe(
      'Whether clients begin connections with a PROXY protocol header, version 1 or 2, which names their client; with `trustedProxies`: those clients alone.',
    ),
  forwarded: z
    .enum(['append', 'replace'])
    .default('append')
    .describe(
      'Without `trustedProxies`: whether the client address is appended to the X-Forwarded-For and Forwarded that a client sends, or replaces them.',
    ),
  proxyStatus: z
    .boolean()
    .default(false)
    .describe(
      "Whether the balancer's own responses have a Proxy-Status field (RFC 9209) with their [reason](failure-reasons.md).",
    ),
  via: z
    .string()
    .regex(/^[\w.-]*$/, 'must be a name')
    .default('lb')
    .describe('Name in the Via field that backends get; empty: no Via field.'),
})
