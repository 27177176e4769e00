import { STATUS_CODES } from 'node:http'
import { type Client, linger } from './client.ts'
import { dateLine } from './http/date.ts'

/** Seconds after which a client may try again when no backend could take its request. */
const retryAfter = 1

const extra: Readonly<Record<number, string>> = {
  405: 'Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH\r\n',
  503: `Retry-After: ${retryAfter}\r\n`,
}

/** An answer of our own. Says `Connection: close` unless the connection goes on. */
export function ownAnswer(status: number, keepAlive: boolean, toHead: boolean): Buffer {
  const reason = `${status} ${STATUS_CODES[status] ?? 'Error'}`
  const body = `${reason}\n`
  return Buffer.from(
    `HTTP/1.1 ${reason}\r\n${extra[status] ?? ''}${dateLine()}Content-Type: text/plain\r\n` +
      `Content-Length: ${body.length}\r\n${keepAlive ? '' : 'Connection: close\r\n'}\r\n` +
      (toHead ? '' : body),
    'latin1',
  )
}

/** Refuses what the client sent, and closes its connection: behind it nothing can be trusted. */
export function refuse(client: Client, status: number): void {
  client.socket.write(ownAnswer(status, false, false))
  linger(client)
}
