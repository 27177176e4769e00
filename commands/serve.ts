import { boolean, string } from '@oclif/core/flags'
import { algorithmFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, seconds } from '../src/cli/flags.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Runs the reference balancer in the foreground. */
export default class Serve extends LbCommand {
  static override summary = 'Run the reference balancer in the foreground.'

  static override description =
    'Prints when it is ready, and runs until Ctrl-C or SIGTERM. It then accepts no more connections, waits for requests in flight up to --drain-timeout, and exits. SIGQUIT (Ctrl-\\) stops it at once. If the balancer crashes, it is restarted.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> --backend http://127.0.0.1:3001 --backend http://127.0.0.1:3002',
    {
      description: 'Two workers; the first backend gets five times as many requests',
      command:
        '<%= config.bin %> <%= command.id %> --algo weighted --backend http://127.0.0.1:3001,5 --backend http://127.0.0.1:3002 --cores 2',
    },
  ]

  static override flags = {
    backend: string({
      char: 'b',
      summary:
        'Backend: http://, https:// or h2c://host:port, and its weight (default: 1). Repeatable.',
      helpValue: 'URL[,WEIGHT]',
      multiple: true,
      multipleNonGreedy: true,
      required: true,
    }),
    'backend-ca': string({
      summary:
        'PEM file of CA certificates for https:// backends (default: Node’s root certificates).',
      helpValue: 'FILE',
    }),
    algo: algorithmFlag,
    host: string({ summary: 'Address to listen on.', helpValue: 'HOST', default: '127.0.0.1' }),
    port: count({
      max: 65_535,
      char: 'p',
      summary: 'Port to listen on; 0: any free port.',
      helpValue: 'PORT',
      min: 0,
      default: 8080,
    }),
    'tls-cert': string({
      summary: 'PEM file with the server certificate: serves TLS, with HTTP/2 by ALPN.',
      helpValue: 'FILE',
      dependsOn: ['tls-key'],
    }),
    'tls-key': string({
      summary: 'PEM file with the private key of --tls-cert.',
      helpValue: 'FILE',
      dependsOn: ['tls-cert'],
    }),
    cores: count({
      max: bounds.cores,
      char: 'c',
      summary: 'Number of worker threads; one per core.',
      helpValue: 'N',
      default: 1,
    }),
    supervise: boolean({
      summary:
        'Restart the balancer when it ends by an abort, SIGKILL or lack of memory; its port stays open meanwhile.',
      allowNo: true,
      default: true,
    }),
    'drain-grace': seconds({
      summary:
        'Time after a stop in which connections are still accepted while /healthz responds 503.',
      helpValue: 'TIME',
      default: 0,
      allowZero: true,
    }),
    'drain-timeout': seconds({
      aliases: ['drain'],
      summary: 'Maximum time for requests in flight to complete after a stop.',
      helpValue: 'TIME',
      default: 10,
    }),
    'request-timeout': seconds({
      summary: 'Maximum time of a request, retries included (default: unlimited).',
      helpValue: 'TIME',
    }),
    key: string({
      summary:
        'Part of the request that hash algorithms hash: client-ip, path, header:NAME, cookie:NAME or query:NAME.',
      helpValue: 'KEY',
      default: 'client-ip',
    }),
    'health-path': string({
      summary:
        'Path of active health checks; backends that fail them get no requests (default: no checks).',
      helpValue: 'PATH',
    }),
    'health-interval': seconds({
      summary: 'Interval of the health checks (default: 5 s).',
      helpValue: 'TIME',
      dependsOn: ['health-path'],
    }),
    'slow-start': seconds({
      summary:
        'Time over which a backend that returns is ramped up to its full share (default: none).',
      helpValue: 'TIME',
    }),
    'rate-limit': string({
      summary: 'Requests per second of each client, and maximum burst (default burst: one second).',
      helpValue: 'RATE[,BURST]',
    }),
    'rate-limit-key': string({
      summary: 'Key that identifies a client, as for --key (default: client-ip).',
      helpValue: 'KEY',
      dependsOn: ['rate-limit'],
    }),
    'rate-limit-ipv6-prefix': count({
      max: 128,
      summary: 'Bits of an IPv6 address that identify a client of the rate limit (default: 64).',
      helpValue: 'BITS',
      dependsOn: ['rate-limit'],
    }),
    'trusted-proxy': string({
      summary:
        'Address or network of proxies in front, or unix: their X-Forwarded fields are kept, and name the client. Repeatable.',
      helpValue: 'CIDR',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'proxy-protocol': boolean({
      summary:
        'Connections begin with a PROXY protocol header, v1 or v2; with --trusted-proxy: those from these proxies.',
    }),
    'access-log': string({
      summary: 'Access log: one JSON line per request; reopened on SIGHUP.',
      helpValue: 'FILE',
    }),
    'admin-port': count({
      max: 65_535,
      summary: 'Admin port on 127.0.0.1 for /metrics, /healthz and /backends; 0: any free port.',
      helpValue: 'PORT',
      min: 0,
    }),
    'admin-name': string({
      summary:
        'Host name by which the admin port is reached, besides localhost and addresses. Repeatable.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      dependsOn: ['admin-port'],
    }),
    'admin-token': string({
      summary:
        'Bearer token that authorises changes; without it, no changes. A token on the command line is visible to other users: prefer LB_ADMIN_TOKEN.',
      helpValue: 'TOKEN',
      env: 'LB_ADMIN_TOKEN',
    }),
  }

  async run() {
    const { flags } = await this.parse(Serve)
    const { serve } = await import('../src/app/serve.ts')
    return serve(flags, this.invocation(flags))
  }
}
