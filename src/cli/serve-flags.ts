import { boolean, string } from '@oclif/core/flags'
import { bounds } from '../kit/bounds.ts'
import { algorithmOverride } from './choice-flags.ts'
import { count, time } from './flags.ts'
import { serveLimitFlags } from './serve-limit-flags.ts'

const group = (helpGroup: string) => ({ helpGroup })
const configuration = group('CONFIGURATION')
const backends = group('BACKENDS')
const listening = group('LISTENING')
const tls = group('TLS')
const health = group('HEALTH')
const observing = group('LOGS AND ADMIN PORT')

/**
 * The flags of `lb serve`. None has a default of its own, since each that is given overrides the field of the file of
 * `--config`: defaults are those of the configuration.
 */
export const serveFlags = {
  config: string({
    ...configuration,
    summary:
      'YAML or JSON file with the configuration; flags override its fields. Read again on SIGHUP, with all files that it names.',
    helpValue: 'FILE',
  }),
  'check-config': boolean({
    ...configuration,
    summary:
      'Check the configuration and the files that it names, and exit: 0 if it can be used, 2 with one line for each problem.',
  }),
  backend: string({
    ...backends,
    char: 'b',
    summary:
      'Backend: http://, https:// or h2c://host:port or unix:/path, its weight (default: 1), and options: proxy=v1, proxy=v2, zone=NAME, backup. Repeatable.',
    helpValue: 'URL[,WEIGHT][,OPTION]',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'backend-ca': string({
    ...backends,
    summary:
      'PEM file of CA certificates for https:// backends (default: Node’s root certificates).',
    helpValue: 'FILE',
  }),
  resolver: string({
    ...backends,
    summary: 'Name server for names of backends (default: those of /etc/resolv.conf). Repeatable.',
    helpValue: 'ADDRESS[:PORT]',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'resolver-refresh': time({
    ...backends,
    summary: 'Time after which a name is looked up again (default: its TTL, from 1s to 300s).',
    helpValue: 'TIME',
  }),
  'resolver-timeout': time({
    ...backends,
    summary: 'Time that one lookup may take (default: 2s).',
    helpValue: 'TIME',
  }),
  algo: algorithmOverride,
  key: string({
    ...backends,
    summary:
      'Part of the request that hash algorithms hash: client-ip, path, header:NAME, cookie:NAME or query:NAME (default: client-ip).',
    helpValue: 'KEY',
  }),
  host: string({
    ...listening,
    summary: 'Address to listen on (default: 127.0.0.1).',
    helpValue: 'HOST',
  }),
  port: count({
    ...listening,
    char: 'p',
    summary: 'Port to listen on; 0: any free port (default: 8080).',
    helpValue: 'PORT',
    min: 0,
  }),
  listen: string({
    ...listening,
    summary: 'Unix socket to listen on, in place of --host and --port.',
    helpValue: 'unix:PATH',
    exclusive: ['host', 'port'],
  }),
  'listen-mode': string({
    ...listening,
    summary: 'Permissions of the file of --listen, octal (default: 0660).',
    helpValue: 'MODE',
  }),
  cores: count({
    ...listening,
    max: bounds.cores,
    char: 'c',
    summary: 'Number of worker threads; one per core (default: 1).',
    helpValue: 'N',
  }),
  supervise: boolean({
    ...listening,
    summary:
      'Restart the balancer when it ends by an abort, SIGKILL or lack of memory; its port stays open meanwhile.',
    allowNo: true,
    default: true,
  }),
  'trusted-proxy': string({
    ...listening,
    aliases: ['trusted-proxies', 'set-real-ip-from'],
    summary:
      'Address or network of proxies in front, or unix: their X-Forwarded fields are kept, and name the client. Repeatable.',
    helpValue: 'CIDR',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'proxy-protocol': boolean({
    ...listening,
    aliases: ['accept-proxy'],
    summary:
      'Connections begin with a PROXY protocol header, v1 or v2; with --trusted-proxy: those from these proxies.',
  }),
  'tls-cert': string({
    ...tls,
    summary:
      'PEM file with the server certificate: serves TLS, with HTTP/2 by ALPN. Repeatable: clients choose by name, others get the first. Read again on SIGHUP.',
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ['tls-key'],
  }),
  'tls-key': string({
    ...tls,
    summary: 'PEM file with the private key of --tls-cert; one for each, in the same order.',
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ['tls-cert'],
  }),
  'tls-min-version': string({
    ...tls,
    summary: 'Lowest version of TLS (default: TLSv1.2).',
    helpValue: 'VERSION',
    options: ['TLSv1.2', 'TLSv1.3'],
  }),
  'tls-client-ca': string({
    ...tls,
    summary:
      'PEM file of certificates that must have signed those of clients (default: none asked for).',
    helpValue: 'FILE',
  }),
  'tls-client-verify': string({
    ...tls,
    summary: 'Whether a client must have a certificate (default: require).',
    helpValue: 'RULE',
    options: ['require', 'optional'],
  }),
  'tls-client-subject': string({
    ...tls,
    summary: 'Header in which backends get the subject of a verified client certificate.',
    helpValue: 'HEADER',
  }),
  'health-path': string({
    ...health,
    summary:
      'Path of active health checks; backends that fail them get no requests (default: no checks).',
    helpValue: 'PATH',
  }),
  'health-interval': time({
    ...health,
    summary: 'Interval of the health checks (default: 5s).',
    helpValue: 'TIME',
  }),
  'slow-start': time({
    ...health,
    summary:
      'Time over which a backend that returns is ramped up to its full share (default: none).',
    helpValue: 'TIME',
  }),
  zone: string({
    ...health,
    summary:
      'Zone of the balancer: backends with this zone (--backend URL,zone=NAME) are preferred while most of them are healthy.',
    helpValue: 'NAME',
  }),
  ...serveLimitFlags,
  'access-log': string({
    ...observing,
    summary: 'Access log: one line per request; reopened on SIGHUP.',
    helpValue: 'FILE',
  }),
  'access-log-format': string({
    ...observing,
    summary:
      'Format of its lines: json, common, combined, or a template with the variables of nginx (default: json).',
    helpValue: 'FORMAT',
  }),
  'proxy-status': boolean({
    ...observing,
    summary: 'Responses of the balancer itself have a Proxy-Status field with their reason.',
  }),
  'admin-port': count({
    ...observing,
    summary: 'Admin port on 127.0.0.1 for /metrics, /healthz and /backends; 0: any free port.',
    helpValue: 'PORT',
    min: 0,
  }),
  'admin-name': string({
    ...observing,
    summary:
      'Host name by which the admin port is reached, besides localhost and addresses. Repeatable.',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'admin-token': string({
    ...observing,
    summary:
      'Bearer token that authorises changes; without it, no changes. A token on the command line is visible to other users: prefer LB_ADMIN_TOKEN.',
    helpValue: 'TOKEN',
    env: 'LB_ADMIN_TOKEN',
  }),
  steps: boolean({
    ...observing,
    summary:
      'Time the steps of requests: a table when it stops; on the admin port /steps and lb_step_… metrics.',
  }),
  profiling: boolean({
    ...observing,
    summary:
      'The admin port serves profiles of CPU, heap and asynchronous work at /debug/pprof/, with the token.',
  }),
}
