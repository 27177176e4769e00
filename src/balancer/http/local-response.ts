import { dateLine } from './date.ts'
import { type ProxyStatus, proxyStatusValue } from './proxy-status.ts'

/** Seconds after which a client may try again if no backend could take its request. */
const retryAfter = 1

/** Reason phrases of the statuses that the balancer sends. Those of node:http would take 18 MiB in every thread. */
const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}

const allow = 'Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH\r\n'

/** Field lines that belong to a status. */
const statusFields: Readonly<Record<number, string>> = {
  200: allow,
  405: allow,
  503: `Retry-After: ${retryAfter}\r\n`,
}

/** The body of a local reply: its status and reason phrase. */
export function localBody(status: number): string {
  return `${status} ${reasons[status] ?? 'Error'}\n`
}

/**
 * A response that the balancer makes itself. Its Connection field is always there, since a client with
 * HTTP/1.0 needs it.
 */
export function localResponse(
  status: number,
  {
    keepAlive = false,
    toHead = false,
    fields = statusFields[status] ?? '',
    proxyStatus,
  }: {
    readonly keepAlive?: boolean
    /** The method is HEAD. */
    readonly toHead?: boolean
    /** Field lines. */
    readonly fields?: string | undefined
    readonly proxyStatus?: ProxyStatus | undefined
  } = {},
): Buffer {
  const body = localBody(status)
  const reason = proxyStatus ? `Proxy-Status: ${proxyStatusValue(proxyStatus)}\r\n` : ''
  return Buffer.from(
    `HTTP/1.1 ${body.trimEnd()}\r\n${fields}${reason}${dateLine()}Content-Type: text/plain\r\n` +
      `Content-Length: ${body.length}\r\nConnection: ${keepAlive ? 'keep-alive' : 'close'}\r\n\r\n` +
      (toHead ? '' : body),
    'latin1',
  )
}
