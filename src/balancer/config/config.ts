import { z } from 'zod'
import { hashKey } from '../../algorithms/parts/key.ts'
import { UsageError } from '../../kit/errors.ts'
import { adminSettings } from './admin-settings.ts'
import { algorithmSettings } from './algorithm-settings.ts'
import { backendAddress } from './backend-address.ts'
import { backendTlsSettings } from './backend-tls-settings.ts'
import { healthSettings } from './health-settings.ts'
import { requestLimitSettings } from './request-limit-settings.ts'
import { tlsSettings } from './tls-settings.ts'

const seconds = z.number().positive()

const timeouts = z.strictObject({
  /** Seconds until a connection to a backend must stand. */
  connect: seconds,
  /** Seconds until the first byte of a backend's answer, once it has the whole request. */
  firstByte: seconds,
  /** Seconds without a byte in either direction, in the middle of a request or an answer. */
  idle: seconds,
  /** Seconds from a request's head to the end of its answer; left out: any time. */
  request: seconds.optional(),
  /** Seconds that a client may take for the head of a request, from its first byte. */
  head: seconds.default(15),
  /** Seconds that a client's connection may wait for its next request. */
  keepAlive: seconds.default(60),
  /** Seconds that a connection to a backend may wait in the pool: less than the backends' own. */
  pool: seconds.default(4),
  /** Seconds in which a client may close after its last answer, before it is cut. */
  linger: seconds.default(2),
  /** Seconds in which requests in flight may end when the balancer is told to stop. */
  drain: seconds.default(10),
})

const limits = z.strictObject({
  /** Bytes in the head of a request, and of an answer. */
  headBytes: z.int().positive().default(16_384),
  /** Fields in one head. */
  fields: z.int().positive().default(1000),
  /** Bytes in the body of a request; 0: no limit. */
  bodyBytes: z.int().nonnegative().default(0),
  /** Connections of clients over all workers; 0: no limit. */
  connections: z.int().nonnegative().default(0),
})

const retries = z.strictObject({
  /** Backends that one request may be sent to. */
  tries: z.int().positive().default(3),
  /** Retries in flight of what a backend had been sent, as a share of the requests in flight. */
  share: z.number().min(0).max(1).default(0.2),
  /**
   * Retries in flight that are always allowed: enough for what a backend had in flight that is killed
   * under moderate load, also where it had most of it. Envoy allows 3.
   */
  min: z.int().nonnegative().default(32),
})

const backend = z.strictObject({
  /** `http://host:port`, `https://host:port` or `h2c://host:port` */
  url: z.string(),
  weight: z.int().nonnegative(),
})

const schema = z.strictObject({
  algorithm: z.string(),
  /** What the algorithm is told, by parameter; the defaults of each where it says nothing. */
  parameters: z.record(z.string(), z.number()).default({}),
  /** What hash algorithms hash: `client-ip`, `path`, `header:NAME`, `cookie:NAME`, `query:NAME`. */
  key: z.string().default('client-ip'),
  host: z.string().min(1),
  /** 0 lets the kernel choose. */
  port: z.int().min(0).max(65_535),
  /** Speaks TLS with clients; left out: without. */
  tls: tlsSettings.optional(),
  workers: z.int().positive(),
  backends: z.array(backend).min(1),
  /** Seeds what the algorithm draws. */
  seed: z.int(),
  timeouts,
  limits: limits.prefault({}),
  retries: retries.prefault({}),
  health: healthSettings.prefault({}),
  /** How backends at `https://` addresses prove who they are. */
  backendTls: backendTlsSettings.prefault({}),
  /** Requests that each client may make; left out: any number. */
  rateLimit: requestLimitSettings.optional(),
  /** The port to look inside and to change backends; left out: none. */
  admin: adminSettings.optional(),
  /** The file that gets a line for each request; left out: none. */
  accessLog: z.string().min(1).optional(),
  /** What becomes of the X-Forwarded-For that a client sends: ours is added, or takes its place. */
  forwarded: z.enum(['append', 'replace']).default('append'),
  /** The name that Via shows to backends; '' leaves Via out. */
  via: z
    .string()
    .regex(/^[\w.-]*$/, 'must be a name')
    .default('lb'),
  /** Seconds of CPU to waste on each request, for tests of the gate. */
  burn: z.number().min(0).max(1).default(0),
})

/** What the balancer process is told when it is started. Checked before any socket opens. */
export type BalancerConfig = z.input<typeof schema>

/** One backend in the configuration. */
export type BackendConfig = z.input<typeof backend>

/** The configuration with every default filled in. */
export type BalancerSettings = z.output<typeof schema>

/** What the balancer says once every worker listens. */
export interface BalancerReady {
  readonly port: number
}

/** What the balancer counted since its start, over all workers. */
export interface BalancerCounts {
  /** Requests whose head was read and understood. Each ends as answered or as aborted. */
  readonly requests: number
  /** Requests answered in full, by any status. */
  readonly answered: number
  /** Answers that the balancer made itself, because no backend could. */
  readonly failed: { readonly 502: number; readonly 503: number; readonly 504: number }
  /** Requests whose client went away, or whose answer broke off, before it was complete. */
  readonly aborted: number
  /** What clients sent that was refused as it stood: malformed, too large, too slow. */
  readonly refused: number
  /** Requests that were sent once more, because a backend failed them. */
  readonly retried: number
  /** Requests answered with 429, because their client had too many. */
  readonly limited: number
  /** Requests without the key that is to be hashed: sent round by weight. */
  readonly keyless: number
  /** Requests sent to each backend, retries included, in configuration order; then those added since. */
  readonly perBackend: readonly number[]
  /** Requests in flight to each backend now. */
  readonly inFlight: readonly number[]
  /** Requests each worker took: shows how evenly connections were spread. */
  readonly perWorker: readonly number[]
}

/**
 * Fills in the defaults and checks everything that can be checked before a socket opens.
 *
 * @throws UsageError that names the field.
 */
export function checkConfig(config: unknown): BalancerSettings {
  const parsed = schema.safeParse(config)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = issue?.path.join('.') || 'the whole'
    throw new UsageError(
      `balancer configuration: ${field}: ${issue?.message ?? 'is not valid'}`,
      `correct ${field}`,
    )
  }
  const settings = parsed.data
  algorithmSettings(settings)
  hashKey(settings.key)
  hashKey(settings.rateLimit?.key ?? settings.key, 'rateLimit.key')
  checkBackends(settings)
  return settings
}

function checkBackends({ backends }: BalancerSettings): void {
  const seen = new Set<string>()
  for (const [index, { url }] of backends.entries()) {
    const { id } = backendAddress(url, `backends.${index}.url`)
    if (seen.has(id)) {
      throw new UsageError(
        `balancer configuration: backends.${index}.url: ${id} is there twice`,
        'name each backend once; give it more weight to send it more',
      )
    }
    seen.add(id)
  }
  if (backends.every(({ weight }) => weight === 0)) {
    throw new UsageError(
      'balancer configuration: backends: every weight is 0',
      'give at least one backend a weight of 1 or more',
    )
  }
}
