import { string } from '@oclif/core/flags'
import { bytes, count, statuses, time } from './flags.ts'

const times = { helpGroup: 'TIME LIMITS', helpValue: 'TIME' }
const limits = { helpGroup: 'LIMITS' }
const ejection = { helpGroup: 'HEALTH' }

/** The flags of `lb serve` for time limits, sizes, numbers and rates. */
export const serveLimitFlags = {
  'connect-timeout': time({
    ...times,
    summary: 'Time until a connection to a backend must be established (default: 5s).',
  }),
  'response-timeout': time({
    ...times,
    aliases: ['first-byte-timeout', 'read-timeout'],
    summary:
      'Time from the end of a request to the first byte of its response from a backend (default: 2m).',
  }),
  'idle-timeout': time({
    ...times,
    summary: 'Time without a byte in the middle of a request or a response (default: 2m).',
  }),
  'request-timeout': time({
    ...times,
    summary: 'Maximum time of a request, retries included (default: unlimited).',
  }),
  'head-timeout': time({
    ...times,
    aliases: ['header-timeout'],
    summary: 'Time for the head of a request (default: 15s).',
  }),
  'body-timeout': time({
    ...times,
    summary: 'Time without a byte of the body of a request (default: --idle-timeout).',
  }),
  'keep-alive-timeout': time({
    ...times,
    summary: 'Time that a client connection may wait for its next request (default: 60s).',
  }),
  'pool-timeout': time({
    ...times,
    summary: 'Time that an idle backend connection is kept (default: 4s).',
  }),
  'linger-timeout': time({
    ...times,
    summary: 'Time that a client has to close after its last response (default: 2s).',
  }),
  'tunnel-timeout': time({
    ...times,
    summary: 'Time without a byte in a tunnel, such as a WebSocket (default: 1h).',
  }),
  'drain-grace': time({
    ...times,
    summary:
      'Time after a stop in which connections are still accepted while /healthz responds 503 (default: 0s).',
    allowZero: true,
  }),
  'drain-timeout': time({
    ...times,
    aliases: ['drain'],
    summary: 'Maximum time for requests in flight to complete after a stop (default: 10s).',
  }),
  'max-head-bytes': bytes({
    ...limits,
    aliases: ['max-header-size'],
    summary: 'Maximum size of the head of a request or a response (default: 16k).',
    helpValue: 'BYTES',
  }),
  'max-fields': count({
    ...limits,
    summary: 'Maximum number of header fields in one head (default: 1000).',
    helpValue: 'N',
  }),
  'max-body-bytes': bytes({
    ...limits,
    aliases: ['max-body-size'],
    summary: 'Maximum size of the body of a request; larger ones get 413 (default: unlimited).',
    helpValue: 'BYTES',
  }),
  'max-connections': count({
    ...limits,
    summary: 'Maximum client connections (default: unlimited).',
    helpValue: 'N',
  }),
  'max-backend-requests': count({
    ...limits,
    aliases: ['max-backend-connections'],
    summary:
      'Maximum requests in flight to one backend, and so connections in HTTP/1.1 (default: unlimited).',
    helpValue: 'N',
  }),
  'rate-limit': string({
    ...limits,
    summary: 'Requests per second of each client, and maximum burst (default burst: one second).',
    helpValue: 'RATE[,BURST]',
  }),
  'rate-limit-key': string({
    ...limits,
    summary: 'Key that identifies a client, as for --key (default: client-ip).',
    helpValue: 'KEY',
  }),
  'rate-limit-ipv6-prefix': count({
    ...limits,
    summary: 'Bits of an IPv6 address that identify a client of the rate limit (default: 64).',
    helpValue: 'BITS',
  }),
  'eject-statuses': statuses({
    ...ejection,
    summary:
      'Statuses of responses that count as failures of a backend, separated by commas (default: none).',
    helpValue: 'STATUS,…',
  }),
  'eject-failures': count({
    ...ejection,
    summary: 'Failures in a row after which a backend is ejected; 0: never (default: 5).',
    helpValue: 'N',
    min: 0,
  }),
}
