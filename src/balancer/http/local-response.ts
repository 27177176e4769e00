import { dateLine } from './date.ts'
import { type ProxyStatus, proxyStatusValue } from './proxy-status.ts'
import { reasonPhrase } from './reason-phrase.ts'

/** Seconds after which a client may try again if no backend could take its request. */
const retryAfter = 1

const allow = 'Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH\r\n'

/** Field lines that belong to a status. */
const statusFields: Readonly<Record<number, string>> = {
  200: allow,
  405: allow,
  503: `Retry-After: ${retryAfter}\r\n`,
}

/** The body of a local reply: its status and reason phrase. */
export function localBody(status: number): string {
  return `${status} ${reasonPhrase(status)}\n`
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
