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
import { sharingReads } from './shared-read.ts'

/** Serves the connection of a client from now on. */
export function accept<User>(context: DownstreamContext<User>, socket: Socket): void {
  const client = openClient(context, socket, 'http')
  beginAt(client, socket, () => {
    // Behind a PROXY protocol header the first bytes of the request wait in the socket.
    const unread = socket.readableLength > 0
    const own = unread
      ? undefined
      : sharingReads(socket, context.settings.limits.readBuffer, (bytes) =>
          read(client, own, bytes),
        )
    if (own === undefined) serve(client, socket)
    else listen(client, own)
  })
}

/** Adds the connection of a client that was accepted. */
export function openClient<User>(
  context: DownstreamContext<User>,
  socket: Socket,
  proto: 'http' | 'https',
): ClientConnection<User> {
  enableTcpKeepAlive(socket, context.settings.tcpKeepAlive)
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
  socket.on('data', (bytes: Buffer) => read(client, socket, bytes))
  listen(client, socket)
}

function listen<User>(client: ClientConnection<User>, socket: Socket): void {
  client.socket = socket
  socket.on('drain', () => onWritable(client))
  socket.on('finish', () => onFinished(client))
  socket.on('error', () => onClosed(client))
  socket.on('close', () => onClosed(client))
  socket.on('end', () => receiveEnd(client))
  socket.resume()
}

/** Takes bytes that were read from `socket`; undefined: from one that cannot start HTTP/2. */
export function read<User>(
  client: ClientConnection<User>,
  socket: Socket | undefined,
  bytes: Buffer,
): void {
  // A session that is over lingers as a connection of HTTP/1.1 does.
  if (client.state === 'session') client.session?.receive(bytes)
  else receive(client, bytes)
  if (client.state === 'preface' && socket !== undefined) startSession(client, socket)
}
