import type { Socket } from 'node:net'
import { plainAddress } from '../../kit/ip-address.ts'
import { enableTcpKeepAlive } from '../io/tcp-keep-alive.ts'
import { clientInfo } from './client-info.ts'
import {
  type ClientConnection,
  type DownstreamContext,
  destroyConnection,
  onClosed,
  onFinished,
  onWritable,
  openConnection,
} from './connection.ts'
import { startSession } from './http2/session.ts'
import { expectsProxyHeader, readHeader } from './proxy-header.ts'
import { receive, receiveEnd } from './receive.ts'

/** Serves the connection of a client from now on. */
export function accept<User>(context: DownstreamContext<User>, socket: Socket): void {
  const client = openClient(context, socket, 'http')
  beginAt(client, socket, () => serve(client, socket))
}

/** Adds the connection of a client that was accepted. */
export function openClient<User>(
  context: DownstreamContext<User>,
  socket: Socket,
  proto: 'http' | 'https',
): ClientConnection<User> {
  enableTcpKeepAlive(socket)
  // The peer of a unix socket has an empty one.
  const address = plainAddress(socket.remoteAddress ?? 'unknown') || 'unix'
  const info = clientInfo(context.settings, { address, proto, http2: false })
  return openConnection(context, { socket, info, asyncWrites: proto === 'https' })
}

/** Calls `then` where the protocol of the client begins, if the connection is still open. */
export function beginAt<User>(
  client: ClientConnection<User>,
  socket: Socket,
  then: () => void,
): void {
  // The client closed the connection before it was accepted.
  if (socket.remoteAddress === undefined) destroyConnection(client)
  else if (expectsProxyHeader(client)) readHeader(client, socket, then)
  else then()
}

/** Reads from `socket`, which is the one of `client` from now on. It was paused, so that nothing was lost. */
export function serve<User>(client: ClientConnection<User>, socket: Socket): void {
  client.socket = socket
  socket.on('data', (bytes: Buffer) => {
    if (client.session !== undefined) client.session.receive(bytes)
    else receive(client, bytes)
    if (client.state === 'preface') startSession(client, socket)
  })
  socket.on('drain', () => onWritable(client))
  socket.on('finish', () => onFinished(client))
  socket.on('error', () => onClosed(client))
  socket.on('close', () => onClosed(client))
  socket.on('end', () => receiveEnd(client))
  socket.resume()
}
