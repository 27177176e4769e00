import type { BalancerConfig } from '../balancer/config/config.ts'
import type { ConfigSource } from '../balancer/config/config-source.ts'
import { UsageError } from '../kit/errors.ts'
import { backendOf } from './backend-of.ts'

/** Values of the flags of `lb serve`: undefined where a flag is not given. Times in seconds. */
export interface ServeFlags {
  readonly config?: string | undefined
  readonly backend?: readonly string[] | undefined
  readonly 'backend-ca'?: string | undefined
  readonly algo?: string | undefined
  readonly key?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly listen?: string | undefined
  readonly 'listen-mode'?: string | undefined
  readonly cores?: number | undefined
  readonly 'tls-cert'?: readonly string[] | undefined
  readonly 'tls-key'?: readonly string[] | undefined
  readonly 'tls-min-version'?: string | undefined
  readonly 'tls-client-ca'?: string | undefined
  readonly 'tls-client-verify'?: string | undefined
  readonly 'tls-client-subject'?: string | undefined
  readonly 'health-path'?: string | undefined
  readonly 'health-interval'?: number | undefined
  readonly 'slow-start'?: number | undefined
  readonly zone?: string | undefined
  readonly resolver?: readonly string[] | undefined
  readonly 'resolver-refresh'?: number | undefined
  readonly 'resolver-timeout'?: number | undefined
  readonly 'eject-statuses'?: readonly number[] | undefined
  readonly 'eject-failures'?: number | undefined
  readonly 'connect-timeout'?: number | undefined
  readonly 'response-timeout'?: number | undefined
  readonly 'idle-timeout'?: number | undefined
  readonly 'request-timeout'?: number | undefined
  readonly 'head-timeout'?: number | undefined
  readonly 'body-timeout'?: number | undefined
  readonly 'keep-alive-timeout'?: number | undefined
  readonly 'pool-timeout'?: number | undefined
  readonly 'linger-timeout'?: number | undefined
  readonly 'tunnel-timeout'?: number | undefined
  readonly 'drain-grace'?: number | undefined
  readonly 'drain-timeout'?: number | undefined
  readonly 'max-head-bytes'?: number | undefined
  readonly 'max-fields'?: number | undefined
  readonly 'max-body-bytes'?: number | undefined
  readonly 'max-connections'?: number | undefined
  readonly 'max-backend-requests'?: number | undefined
  readonly 'rate-limit'?: string | undefined
  readonly 'rate-limit-key'?: string | undefined
  readonly 'rate-limit-ipv6-prefix'?: number | undefined
  readonly 'trusted-proxy'?: readonly string[] | undefined
  readonly 'proxy-protocol'?: boolean | undefined
  readonly 'proxy-status'?: boolean | undefined
  readonly 'access-log'?: string | undefined
  readonly 'access-log-format'?: string | undefined
  readonly 'admin-port'?: number | undefined
  readonly 'admin-name'?: readonly string[] | undefined
  readonly 'admin-token'?: string | undefined
  readonly profiling?: boolean | undefined
  readonly steps?: boolean | undefined
}

/**
 * The configuration that the flags name: the file of `--config`, and the fields that flags override.
 *
 * @throws {UsageError} a flag cannot be used, or there are neither backends nor a file
 */
export function serveConfig(flags: ServeFlags): ConfigSource & { readonly config: object } {
  const { config: file, backend } = flags
  if (file === undefined && backend === undefined) {
    throw new UsageError(
      'there is neither --backend nor --config',
      'give --backend http://127.0.0.1:3001, or --config FILE',
    )
  }
  return {
    file,
    config: {
      algorithm: flags.algo,
      key: flags.key,
      host: flags.host,
      port: flags.port,
      listen: flags.listen,
      listenMode: flags['listen-mode'],
      tls: tlsOf(flags),
      workers: flags.cores,
      backends: backend?.map(backendOf),
      timeouts: timeoutsOf(flags),
      limits: {
        headBytes: flags['max-head-bytes'],
        fields: flags['max-fields'],
        bodyBytes: flags['max-body-bytes'],
        connections: flags['max-connections'],
        backendRequests: flags['max-backend-requests'],
      },
      health: healthOf(flags),
      resolver: {
        servers: flags.resolver,
        refresh: flags['resolver-refresh'],
        timeout: flags['resolver-timeout'],
      },
      backendTls: { ca: flags['backend-ca'] },
      rateLimit: rateLimitOf(flags),
      admin: adminOf(flags),
      // A flag that is not given must not override the file.
      proxyProtocol: flags['proxy-protocol'] || undefined,
      trustedProxies: flags['trusted-proxy'],
      proxyStatus: flags['proxy-status'] || undefined,
      observe: given({ steps: flags.steps || undefined }),
      accessLog: flags['access-log'],
      accessLogFormat: flags['access-log-format'],
    },
  }
}

function timeoutsOf(flags: ServeFlags): BalancerConfig['timeouts'] {
  return {
    connect: flags['connect-timeout'],
    firstByte: flags['response-timeout'],
    idle: flags['idle-timeout'],
    request: flags['request-timeout'],
    head: flags['head-timeout'],
    body: flags['body-timeout'],
    keepAlive: flags['keep-alive-timeout'],
    pool: flags['pool-timeout'],
    linger: flags['linger-timeout'],
    tunnel: flags['tunnel-timeout'],
    grace: flags['drain-grace'],
    drain: flags['drain-timeout'],
  }
}

/** The flag parser guarantees that both certificate and key are given, or neither. */
function tlsOf(flags: ServeFlags): object | undefined {
  const { 'tls-cert': files, 'tls-key': keys = [] } = flags
  const rules = given({
    minVersion: flags['tls-min-version'],
    clientCa: flags['tls-client-ca'],
    verify: flags['tls-client-verify'],
    clientSubject: flags['tls-client-subject'],
  })
  if (files === undefined) return rules
  if (files.length !== keys.length) {
    throw new UsageError(
      `--tls-cert is given ${files.length} times, --tls-key ${keys.length} times`,
      'give one --tls-key for each --tls-cert, in the same order',
    )
  }
  const [first, ...certificates] = files.map((certificate, index) => ({
    certificate,
    key: keys[index],
  }))
  return { ...first, certificates, ...rules }
}

function healthOf(flags: ServeFlags): object {
  const { 'health-path': path, 'health-interval': interval } = flags
  // A check must have ended before the next one starts.
  const timeout = interval !== undefined && interval < 2 ? interval : undefined
  return {
    active: given({ path, interval, timeout }),
    passive: given({ statuses: flags['eject-statuses'], failures: flags['eject-failures'] }),
    slowStart: flags['slow-start'],
    zone: given({ name: flags.zone }),
  }
}

/** Parses `RATE[,BURST]`. */
function rateLimitOf({
  'rate-limit': typed,
  'rate-limit-key': key,
  'rate-limit-ipv6-prefix': ipv6Prefix,
}: ServeFlags): object | undefined {
  if (typed === undefined) return given({ key, ipv6Prefix })
  const [, rate, burst] = /^(\d+(?:\.\d+)?)(?:,(\d+))?$/.exec(typed) ?? []
  if (!(Number(rate) > 0) || Number(burst ?? 1) < 1) {
    throw new UsageError(
      `--rate-limit "${typed}" is not RATE[,BURST]`,
      'use --rate-limit 100,200: requests per second, maximum burst',
    )
  }
  return {
    rate: Number(rate),
    burst: burst === undefined ? undefined : Number(burst),
    key,
    ipv6Prefix,
  }
}

/**
 * A token alone opens no port: the environment variable may be meant for another balancer. With a file, it is the token
 * of the admin port of the file: overlay.ts.
 */
function adminOf({
  config,
  'admin-port': port,
  'admin-name': names,
  'admin-token': token,
  profiling,
}: ServeFlags): object | undefined {
  const openedByFile = config !== undefined
  if (port === undefined && names === undefined && !profiling && !openedByFile) return undefined
  // A flag that is not given must not override the file.
  return given({ port, names, token, profiling: profiling || undefined })
}

/** The fields that are given; undefined where none is. */
function given(fields: Readonly<Record<string, unknown>>): object | undefined {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
