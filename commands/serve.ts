import { string } from '@oclif/core/flags'
import { algorithmFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, seconds } from '../src/cli/flags.ts'

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
    algo: algorithmFlag,
    host: string({ summary: 'Address to listen on.', helpValue: 'HOST', default: '127.0.0.1' }),
    port: count({
      char: 'p',
      summary: 'Port to listen on; 0 for any that is free.',
      helpValue: 'PORT',
      min: 0,
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
      min: 0,
    }),
    'admin-token': string({
      summary: 'Whoever shows it may change backends there. Others see it on the command line.',
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
