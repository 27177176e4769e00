/**
 * Where the cause of a failure lies, which decides whether passive health counts it:
 * - `connection`: the backend could not be connected to, whatever the request was. It counts.
 * - `exchange`: the backend failed while it served a request. It may be sound and the request at fault, so the backend
 *   is checked before it is ejected: health/confirmation.ts.
 * - `lookup`: its name has no address that is known.
 * - `balancer`: this host or this process lacks something, such as file descriptors or a free local port.
 * - `client`: the request is at fault, or its client.
 */
type FailureCause = 'connection' | 'exchange' | 'lookup' | 'balancer' | 'client'

/** One reason. */
interface ReasonEntry {
  /** The status of the local reply. */
  readonly status: 400 | 405 | 408 | 413 | 414 | 417 | 429 | 431 | 501 | 502 | 503 | 504 | 505
  readonly cause: FailureCause
  /** Error type in a Proxy-Status field: RFC 9209, section 2.3. */
  readonly proxyError: string
  readonly meaning: string
}

/**
 * Why the balancer replied itself, or why a response broke off: every code that the access log, `/metrics`,
 * `/backends`, standard error and Proxy-Status fields show. To add one: an entry here; `npm run docs` writes
 * docs/reference/failure-reasons.md.
 */
export const failureReasons = {
  'connection-refused': {
    status: 502,
    cause: 'connection',
    proxyError: 'connection_refused',
    meaning: 'The backend refused the connection: nothing listens on its port.',
  },
  'connection-failed': {
    status: 502,
    cause: 'connection',
    proxyError: 'connection_terminated',
    meaning: 'The connection to the backend failed while it was being established.',
  },
  'connect-timeout': {
    status: 504,
    cause: 'connection',
    proxyError: 'connection_timeout',
    meaning:
      'The connection, with its TLS handshake, was not established within `timeouts.connect`.',
  },
  'host-unreachable': {
    status: 502,
    cause: 'connection',
    proxyError: 'destination_ip_unroutable',
    meaning: 'The network reported that the host of the backend cannot be reached.',
  },
  'tls-untrusted': {
    status: 502,
    cause: 'connection',
    proxyError: 'tls_certificate_error',
    meaning:
      'The certificate of the backend is signed by nobody in `backendTls.ca`, names another host, or has expired.',
  },
  'tls-alert': {
    status: 502,
    cause: 'connection',
    proxyError: 'tls_alert_received',
    meaning: 'The backend ended the TLS handshake with an alert.',
  },
  'tls-handshake': {
    status: 502,
    cause: 'connection',
    proxyError: 'tls_protocol_error',
    meaning: 'The TLS handshake failed, for example because the backend does not speak TLS.',
  },
  'http2-handshake': {
    status: 502,
    cause: 'connection',
    proxyError: 'http_protocol_error',
    meaning: 'The backend did not begin HTTP/2 with its settings, or allows no stream.',
  },
  'reset-before-response': {
    status: 502,
    cause: 'exchange',
    proxyError: 'connection_terminated',
    meaning: 'The backend reset the connection, or the stream, before a response.',
  },
  'closed-before-response': {
    status: 502,
    cause: 'exchange',
    proxyError: 'connection_terminated',
    meaning: 'The backend closed the connection before the head of a response was complete.',
  },
  'response-malformed': {
    status: 502,
    cause: 'exchange',
    proxyError: 'http_protocol_error',
    meaning: 'The head of the response is not valid HTTP.',
  },
  'response-head-too-large': {
    status: 502,
    cause: 'exchange',
    proxyError: 'http_response_header_section_size',
    meaning: 'The head of the response is larger than `limits.headBytes`.',
  },
  'response-body-malformed': {
    status: 502,
    cause: 'exchange',
    proxyError: 'http_response_transfer_coding',
    meaning: 'The chunked coding of the response is malformed.',
  },
  'response-incomplete': {
    status: 502,
    cause: 'exchange',
    proxyError: 'http_response_incomplete',
    meaning: 'The connection to the backend ended in the middle of the body.',
  },
  'upgrade-failed': {
    status: 502,
    cause: 'exchange',
    proxyError: 'http_upgrade_failed',
    meaning: 'The backend changed to a protocol that the client did not ask for.',
  },
  'response-timeout': {
    status: 504,
    cause: 'exchange',
    proxyError: 'http_response_timeout',
    meaning: 'The backend began no response within `timeouts.firstByte`.',
  },
  'response-stalled': {
    status: 504,
    cause: 'exchange',
    proxyError: 'connection_read_timeout',
    meaning: 'No byte of the response came for `timeouts.idle`.',
  },
  'request-stalled': {
    status: 504,
    cause: 'exchange',
    proxyError: 'connection_write_timeout',
    meaning: 'The backend took no byte of the request for `timeouts.idle`.',
  },
  'tunnel-broken': {
    status: 502,
    cause: 'client',
    proxyError: 'connection_terminated',
    meaning: 'A tunnel, such as a WebSocket, was reset by the backend.',
  },
  'tunnel-silent': {
    status: 504,
    cause: 'client',
    proxyError: 'connection_read_timeout',
    meaning: 'A tunnel had no byte in either direction for `timeouts.tunnel`.',
  },
  'name-not-found': {
    status: 502,
    cause: 'lookup',
    proxyError: 'dns_error',
    meaning:
      'The name of the backend was not found: neither the hosts file nor DNS has an address for it.',
  },
  'lookup-failed': {
    status: 502,
    cause: 'lookup',
    proxyError: 'dns_error',
    meaning:
      'The lookup of the name of the backend failed: no name server could be reached, or it replied with an error.',
  },
  'lookup-timeout': {
    status: 504,
    cause: 'lookup',
    proxyError: 'dns_timeout',
    meaning:
      'The lookup of the name of the backend failed: the name server did not reply within `resolver.timeout`.',
  },
  'local-resources': {
    status: 503,
    cause: 'balancer',
    proxyError: 'proxy_internal_error',
    meaning:
      'The balancer could not open a connection: no free file descriptor, local port, memory or permission.',
  },
  'network-unreachable': {
    status: 502,
    cause: 'balancer',
    proxyError: 'destination_ip_unroutable',
    meaning: 'This host has no route to the address of the backend.',
  },
  'no-eligible-backend': {
    status: 503,
    cause: 'balancer',
    proxyError: 'destination_unavailable',
    meaning: 'Every backend is down, ejected, drained or without weight.',
  },
  'backend-removed': {
    status: 502,
    cause: 'balancer',
    proxyError: 'destination_not_found',
    meaning: 'The backend was removed while the request was about to be sent to it.',
  },
  'drain-timeout': {
    status: 503,
    cause: 'balancer',
    proxyError: 'connection_terminated',
    meaning:
      'The balancer stopped, and the request was cut: `timeouts.drain` was over, or SIGQUIT came.',
  },
  'worker-failed': {
    status: 503,
    cause: 'balancer',
    proxyError: 'proxy_internal_error',
    meaning: 'The worker failed, and its connections were cut.',
  },
  'request-timeout': {
    status: 504,
    cause: 'client',
    proxyError: 'http_response_timeout',
    meaning: 'The whole request took longer than `timeouts.request`.',
  },
  'connection-limit': {
    status: 503,
    cause: 'client',
    proxyError: 'connection_limit_reached',
    meaning:
      'As many connections of clients as `limits.connections` were open. Such connections are not in the access log.',
  },
  'rate-limited': {
    status: 429,
    cause: 'client',
    proxyError: 'http_request_denied',
    meaning: 'The client exceeded `rateLimit`.',
  },
  'request-malformed': {
    status: 400,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The head of the request is not valid HTTP.',
  },
  'request-body-malformed': {
    status: 400,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The chunked coding of the request is malformed.',
  },
  'method-not-allowed': {
    status: 405,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The method is CONNECT.',
  },
  'request-head-timeout': {
    status: 408,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The head of the request was not complete within `timeouts.head`.',
  },
  'request-body-timeout': {
    status: 408,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning:
      'The client sent no byte of its body for `timeouts.idle`, or its body at less than `limits.bodyRate`.',
  },
  'request-body-too-large': {
    status: 413,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The body of the request is larger than `limits.bodyBytes`.',
  },
  'request-target-too-long': {
    status: 414,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The request line is longer than `limits.headBytes`.',
  },
  'expectation-failed': {
    status: 417,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The request expects something other than 100-continue.',
  },
  'request-head-too-large': {
    status: 431,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning:
      'The head of the request is larger than `limits.headBytes`, or has more fields than `limits.fields`.',
  },
  'not-implemented': {
    status: 501,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The request asks the balancer itself for what it does not support.',
  },
  'version-unsupported': {
    status: 505,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The version of HTTP is neither 1.0, 1.1 nor 2.',
  },
  'client-closed': {
    status: 400,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The client closed the connection before its response was complete.',
  },
  'client-stalled': {
    status: 408,
    cause: 'client',
    proxyError: 'http_request_error',
    meaning: 'The client took no byte of its response for `timeouts.idle`.',
  },
  'status-failed': {
    status: 502,
    cause: 'exchange',
    proxyError: 'http_request_error',
    meaning:
      'The backend responded with a status of `health.passive.statuses`; its response was passed on.',
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>

/** The code of a reason. */
export type FailureReason = keyof typeof failureReasons

/** All codes; the position of a code is its number in shared memory. */
export const reasonCodes = Object.keys(failureReasons) as readonly FailureReason[]

const numbers = new Map(reasonCodes.map((code, number) => [code, number]))

/** The number of a reason in shared memory, from 0. */
export function reasonNumber(reason: FailureReason): number {
  return numbers.get(reason) as number
}
