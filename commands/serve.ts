import { once } from 'node:events'
import { string } from '@oclif/core/flags'
import type { BackendConfig, BalancerConfig } from '../src/balancer/config/config.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, name, seconds } from '../src/cli/flags.ts'
import { UsageError } from '../src/kit/errors.ts'

/** Runs the reference balancer in the foreground. */
export default class Serve extends LbCommand {
  static override summary = 'Run the reference balancer in the foreground.'

  static override description =
    `Says when it is ready, and serves until Ctrl-C or SIGTERM: then it takes no new connections, lets
requests in flight end, and leaves.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --backend http://127.0.0.1:3001 --backend http://127.0.0.1:3002',
    {
      description: 'The first backend gets five times as much',
      command:
        '<%= config.bin %> <%= command.id %> --algo weighted --backend http://127.0.0.1:3001,5 --backend http://127.0.0.1:3002 --cores 2',
    },
  ]

  static override flags = {
    backend: string({
      char: 'b',
      summary:
        'A backend at http://, https:// or h2c:// host:port, and its weight (1 unless told); repeat it for each.',
      helpValue: 'URL[,WEIGHT]',
      multiple: true,
      multipleNonGreedy: true,
      required: true,
    }),
    'backend-ca': string({
      summary:
        'Certificates, in PEM, that backends at https:// must be signed by; the well-known ones unless told.',
      helpValue: 'FILE',
    }),
    algo: name({
      char: 'a',
      summary: 'The algorithm.',
      helpValue: 'NAME',
      among: async () => (await import('../src/algorithms/index.ts')).algorithms,
      what: 'algorithm',
      default: 'round-robin',
    }),
    host: string({ summary: 'Address to listen on.', helpValue: 'HOST', default: '127.0.0.1' }),
    port: count({
      char: 'p',
      summary: 'Port to listen on; 0 for any that is free.',
      helpValue: 'PORT',
      least: 0,
      default: 8080,
    }),
    'tls-cert': string({
      summary: 'Speak TLS, HTTP/2 too, as the server of the certificate in this PEM file.',
      helpValue: 'FILE',
      dependsOn: ['tls-key'],
    }),
    'tls-key': string({
      summary: 'The PEM file with its key.',
      helpValue: 'FILE',
      dependsOn: ['tls-cert'],
    }),
    cores: count({ char: 'c', summary: 'Workers, a core each.', helpValue: 'N', default: 1 }),
    'drain-timeout': seconds({
      aliases: ['drain'],
      summary: 'How long requests in flight may take when it is told to stop.',
      helpValue: 'TIME',
      default: 10,
    }),
    'request-timeout': seconds({
      summary: 'How long a request may take in all; any time unless told.',
      helpValue: 'TIME',
    }),
    key: string({
      summary:
        'What hash algorithms hash: client-ip, path, header:NAME, cookie:NAME or query:NAME.',
      helpValue: 'KEY',
      default: 'client-ip',
    }),
    'health-path': string({
      summary: 'Ask every backend for this path, and send nothing to those that do not answer it.',
      helpValue: 'PATH',
    }),
    'health-interval': seconds({
      summary: 'Time from one such check to the next; 5 s unless told.',
      helpValue: 'TIME',
      dependsOn: ['health-path'],
    }),
    'slow-start': seconds({
      summary: 'Time over which the traffic of a backend that returns grows to its share.',
      helpValue: 'TIME',
    }),
    'rate-limit': string({
      summary: 'Requests a second that each client may make, and how many of them at once.',
      helpValue: 'RATE[,BURST]',
    }),
    'rate-limit-key': string({
      summary: 'What tells clients apart, as for --key.',
      helpValue: 'KEY',
      dependsOn: ['rate-limit'],
    }),
    'access-log': string({
      summary: 'Write a line of JSON for each request to this file; SIGHUP opens it anew.',
      helpValue: 'FILE',
    }),
    'admin-port': count({
      summary: 'Port on 127.0.0.1 for /metrics, /healthz and /backends; 0 for any that is free.',
      helpValue: 'PORT',
      least: 0,
    }),
    'admin-token': string({
      summary: 'Whoever shows it may change backends there. Others see it on the command line.',
      helpValue: 'TOKEN',
      env: 'LB_ADMIN_TOKEN',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve)
    const { startBalancer } = await import('../src/balancer/supervisor/balancer.ts')
    const backends = flags.backend.map(backendOf)
    await using balancer = await startBalancer({
      algorithm: flags.algo,
      key: flags.key,
      host: flags.host,
      port: flags.port,
      tls: tlsOf(flags['tls-cert'], flags['tls-key']),
      workers: flags.cores,
      backends,
      seed: 1,
      timeouts: {
        connect: 5,
        firstByte: 60,
        idle: 60,
        request: flags['request-timeout'],
        drain: flags['drain-timeout'],
      },
      health: healthOf(flags),
      backendTls: { ca: flags['backend-ca'] },
      rateLimit: rateLimitOf(flags['rate-limit'], flags['rate-limit-key']),
      admin: adminOf(flags['admin-port'], flags['admin-token']),
      accessLog: flags['access-log'],
    })
    const stop = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    process.on('SIGHUP', () => balancer.reopenLog())
    const workers = `${flags.cores} ${flags.cores === 1 ? 'worker' : 'workers'}`
    const all = `${backends.length} ${backends.length === 1 ? 'backend' : 'backends'}`
    const scheme = flags['tls-cert'] === undefined ? 'http' : 'https'
    const where = `${scheme}://${flags.host}:${balancer.port}`
    this.log(`lb is ready on ${where} (${flags.algo}, ${workers}, ${all})`)
    if (balancer.adminPort !== undefined) {
      this.log(`admin port: http://127.0.0.1:${balancer.adminPort}`)
    }
    await stop
  }
}

/** Reads `URL[,WEIGHT]`. */
function backendOf(typed: string): BackendConfig {
  const [url = '', weight = '1', ...more] = typed.split(',')
  if (/^\d+$/.test(weight) && more.length === 0) return { url, weight: Number(weight) }
  throw new UsageError(
    `--backend "${typed}" has no whole number from 0 up as its weight`,
    'give it as --backend http://host:port,2',
  )
}

/** Each of the two needs the other. */
function tlsOf(certificate: string | undefined, key: string | undefined): BalancerConfig['tls'] {
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

/** What decides whether a backend gets traffic, as far as flags say it. */
function healthOf(flags: {
  readonly 'health-path': string | undefined
  readonly 'health-interval': number | undefined
  readonly 'slow-start': number | undefined
}): BalancerConfig['health'] {
  const { 'health-path': path, 'health-interval': interval = 5, 'slow-start': slowStart } = flags
  // A check must have ended before the next one starts.
  const active = path === undefined ? undefined : { path, interval, timeout: Math.min(2, interval) }
  return { active, slowStart }
}

/** Reads `RATE[,BURST]`. */
function rateLimitOf(
  typed: string | undefined,
  key: string | undefined,
): BalancerConfig['rateLimit'] {
  if (typed === undefined) return undefined
  const [, rate, burst] = /^(\d+(?:\.\d+)?)(?:,(\d+))?$/.exec(typed) ?? []
  if (!(Number(rate) > 0) || Number(burst ?? 1) < 1) {
    throw new UsageError(
      `--rate-limit "${typed}" is no number of requests`,
      'give it as --rate-limit 100,200',
    )
  }
  return { rate: Number(rate), burst: burst === undefined ? undefined : Number(burst), key }
}

/** A token alone, which may be in the environment for another balancer, opens no port. */
function adminOf(port: number | undefined, token: string | undefined): BalancerConfig['admin'] {
  return port === undefined ? undefined : { port, token }
}
