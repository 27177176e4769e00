import { dateLine } from '../http/date.ts'
import { type ClientConnection, linger } from './connection.ts'

/** Seconds after which a client may try again when no backend could take its request. */
const retryAfter = 1

/** The statuses that we give. Those of node:http cost 18 MiB in every thread. */
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

const extra: Readonly<Record<number, string>> = {
  200: allow,
  405: allow,
  503: `Retry-After: ${retryAfter}\r\n`,
}

/** The body of an answer of our own: its status and reason. */
export function localBody(status: number): string {
  return `${status} ${reasons[status] ?? 'Error'}\n`
}

/** An answer of our own. Says whether the connection goes on: a client with HTTP/1.0 must be told. */
export function localResponse(
  status: number,
  {
    keepAlive = false,
    toHead = false,
    fields = extra[status] ?? '',
  }: {
    readonly keepAlive?: boolean
    readonly toHead?: boolean
    /** Field lines that belong to this answer. */
    readonly fields?: string | undefined
  } = {},
): Buffer {
  const body = localBody(status)
  return Buffer.from(
    `HTTP/1.1 ${body.trimEnd()}\r\n${fields}${dateLine()}Content-Type: text/plain\r\n` +
      `Content-Length: ${body.length}\r\nConnection: ${keepAlive ? 'keep-alive' : 'close'}\r\n\r\n` +
      (toHead ? '' : body),
    'latin1',
  )
}

/** Refuses what the client sent, and closes its connection: behind it nothing can be trusted. */
export function refuse(client: ClientConnection, status: number): void {
  client.socket.write(localResponse(status, { toHead: asksHead(client) }))
  linger(client)
}

/** Whether what cannot be read starts like HEAD, whose answer has no body: RFC 9110, section 9.3.2. */
function asksHead({ input, at }: ClientConnection): boolean {
  return input !== undefined && /^(\r\n)*HEAD /.test(input.toString('latin1', at, at + 64))
}
