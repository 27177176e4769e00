import { localResponse } from '../http/local-response.ts'
import { count, tally } from '../shared/counters.ts'
import { proxyStatusOf } from '../shared/proxy-status-of.ts'
import { type ClientConnection, linger } from './connection.ts'
import { refusalReason } from './refusal-reason.ts'

/**
 * Responds with `status` to bytes that are no acceptable request, and closes the connection: the bytes
 * behind them cannot be trusted.
 */
export function refuse<User>(client: ClientConnection<User>, status: number): void {
  const { settings, events, observe } = client.context
  const reason = refusalReason(status)
  const proxyStatus = proxyStatusOf(settings, reason)
  tally(observe.counters, count.refused)
  client.socket.write(localResponse(status, { toHead: startsWithHead(client), proxyStatus }))
  events.refused(client, status, reason)
  linger(client)
}

/** Whether the method is HEAD, to which a response has no body: RFC 9110, section 9.3.2. */
function startsWithHead<User>({ input, at }: ClientConnection<User>): boolean {
  return input !== undefined && /^(\r\n)*HEAD /.test(input.toString('latin1', at, at + 64))
}
