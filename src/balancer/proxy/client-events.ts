import { type ClientConnection, type ClientEvents, keep } from '../downstream/connection.ts'
import { readRequests } from '../downstream/receive.ts'
import type { Exchange } from './exchange.ts'
import { abort } from './finish.ts'
import { recordRefusal } from './record.ts'
import { relayBody } from './request-body.ts'
import { startRequest } from './start.ts'
import { sendToBackend } from './tunnel.ts'

/** Bytes that a client may send ahead while its request is being served. */
const maxAhead = 65_536

/** Events of client connections, for the exchange of each; `opened` makes it. */
export function clientEvents(
  opened: (client: ClientConnection<Exchange>) => Exchange,
): ClientEvents<Exchange> {
  return {
    opened,
    request: ({ user }) => startRequest(user),
    data,
    writable,
    halfClosed,
    refused: ({ user }, status, reason) => recordRefusal(user, status, reason),
    closed: ({ user }) => abort(user, 'client-closed'),
  }
}

function data(client: ClientConnection<Exchange>, bytes: Buffer): void {
  const { user: exchange } = client
  const { phase } = exchange
  switch (phase) {
    case 'tunnel':
      sendToBackend(exchange, bytes)
      break
    case 'request body':
      keep(client, bytes)
      relayBody(exchange)
      break
    case 'response':
      keep(client, bytes)
      if ((client.input as Buffer).length > maxAhead) client.socket.pause()
      break
    case 'idle':
      break
    default:
      phase satisfies never
  }
}

/** Goes on with the response, or with the next request, which waited until the client read. */
function writable(client: ClientConnection<Exchange>): void {
  const { marks, proxy } = client.user
  if (marks !== undefined) {
    marks.resume(proxy.now())
    marks.taken(proxy.now())
  }
  if (client.state === 'head') readRequests(client)
  else client.user.upstream?.socket.resume()
}

/** A request that is incomplete cannot be completed any more; others still get their response. */
function halfClosed({ user: exchange }: ClientConnection<Exchange>): void {
  const { phase, upstream } = exchange
  switch (phase) {
    case 'tunnel':
      upstream?.socket.end()
      break
    case 'request body':
      abort(exchange, 'client-closed')
      break
    case 'response':
    case 'idle':
      break
    default:
      phase satisfies never
  }
}
