import type { BackendConfig, BalancerConfig } from '../balancer/config/config.ts'
import { runBalancer } from '../balancer/process/run-balancer.ts'
import { catchSignals } from '../balancer/process/signals.ts'
import { startBalancer } from '../balancer/supervisor/balancer.ts'
import type { Invocation } from '../cli/invocation.ts'
import { UsageError } from '../kit/errors.ts'

/** Values of the flags of `lb serve`. Times in seconds. */
interface ServeFlags {
  readonly backend: readonly string[]
  readonly 'backend-ca'?: string | undefined
  readonly algo: string
  readonly host: string
  readonly port: number
  readonly 'tls-cert'?: string | undefined
  readonly 'tls-key'?: string | undefined
  readonly cores: number
  readonly 'drain-grace': number
  readonly 'drain-timeout': number
  readonly 'request-timeout'?: number | undefined
  readonly key: string
  readonly 'health-path'?: string | undefined
  readonly 'health-interval'?: number | undefined
  readonly 'slow-start'?: number | undefined
  readonly 'rate-limit'?: string | undefined
  readonly 'rate-limit-key'?: string | undefined
  readonly 'rate-limit-ipv6-prefix'?: number | undefined
  readonly 'trusted-proxy'?: readonly string[] | undefined
  readonly 'proxy-protocol': boolean
  readonly 'access-log'?: string | undefined
  readonly 'admin-port'?: number | undefined
  readonly 'admin-name'?: readonly string[] | undefined
  readonly 'admin-token'?: string | undefined
}

/**
 * Runs the reference balancer until SIGINT or SIGTERM, then drains and stops it; SIGQUIT stops it at once. SIGHUP
 * reads the configuration again, and reopens the access log.
 *
 * @throws {UsageError} the flags are not a valid configuration, or the port is in use
 */
export async function serve(flags: ServeFlags, { print }: Invocation): Promise<void> {
  using signals = catchSignals()
  await runBalancer({
    signals,
    start: async (host) => startBalancer(configOf(flags), host),
    ready({ port, adminPort }) {
      print(readyText(flags, port))
      if (adminPort !== undefined) print(`admin port: http://127.0.0.1:${adminPort}\n`)
    },
    reload: (balancer) => {
      balancer
        .reload(() => configOf(flags))
        .catch(({ message }: Error) => {
          process.stderr.write(`lb: configuration not changed: ${message}\n`)
        })
    },
  })
}

function readyText(flags: ServeFlags, port: number): string {
  const { algo, cores, backend } = flags
  const workers = `${cores} ${cores === 1 ? 'worker' : 'workers'}`
  const backends = `${backend.length} ${backend.length === 1 ? 'backend' : 'backends'}`
  const scheme = flags['tls-cert'] === undefined ? 'http' : 'https'
  return `lb is ready on ${scheme}://${flags.host}:${port} (${algo}, ${workers}, ${backends})\n`
}

function configOf(flags: ServeFlags): BalancerConfig {
  return {
    algorithm: flags.algo,
    key: flags.key,
    host: flags.host,
    port: flags.port,
    tls: tlsOf(flags['tls-cert'], flags['tls-key']),
    workers: flags.cores,
    backends: flags.backend.map(backendOf),
    seed: 1,
    timeouts: {
      connect: 5,
      firstByte: 60,
      idle: 60,
      request: flags['request-timeout'],
      grace: flags['drain-grace'],
      drain: flags['drain-timeout'],
    },
    health: healthOf(flags),
    backendTls: { ca: flags['backend-ca'] },
    rateLimit: rateLimitOf(flags),
    admin: adminOf(flags),
    proxyProtocol: flags['proxy-protocol'],
    trustedProxies: flags['trusted-proxy'] && [...flags['trusted-proxy']],
    accessLog: flags['access-log'],
  }
}

/** Parses `URL[,WEIGHT]`. */
function backendOf(typed: string): BackendConfig {
  const [url = '', weight = '1', ...more] = typed.split(',')
  if (/^\d+$/.test(weight) && more.length === 0) return { url, weight: Number(weight) }
  throw new UsageError(
    `--backend "${typed}": the weight is not an integer of 0 or more`,
    'use --backend http://host:port,2',
  )
}

/** The flag parser guarantees that both are given, or neither. */
function tlsOf(certificate: string | undefined, key: string | undefined): BalancerConfig['tls'] {
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

function healthOf(flags: ServeFlags): BalancerConfig['health'] {
  const { 'health-path': path, 'health-interval': interval = 5, 'slow-start': slowStart } = flags
  // A check must have ended before the next one starts.
  const active = path === undefined ? undefined : { path, interval, timeout: Math.min(2, interval) }
  return { active, slowStart }
}

/** Parses `RATE[,BURST]`. */
function rateLimitOf({
  'rate-limit': typed,
  'rate-limit-key': key,
  'rate-limit-ipv6-prefix': ipv6Prefix,
}: ServeFlags): BalancerConfig['rateLimit'] {
  if (typed === undefined) return undefined
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

/** A token alone opens no port: the environment variable may be meant for another balancer. */
function adminOf({
  'admin-port': port,
  'admin-name': names,
  'admin-token': token,
}: ServeFlags): BalancerConfig['admin'] {
  return port === undefined ? undefined : { port, names: names && [...names], token }
}
