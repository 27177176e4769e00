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
import { receive, receiveEnd } from './receive.ts'

/** Serves the connection of a client from now on. */
export function accept<User>(
  context: DownstreamContext<User>,
  socket: Socket,
  proto: 'http' | 'https' = 'http',
): ClientConnection<User> {
  const address = plainAddress(socket.remoteAddress ?? 'unknown')
  const info = clientInfo(context.settings, { address, proto, http2: false })
  if (proto === 'http') enableTcpKeepAlive(socket)
  const asyncWrites = proto === 'https'
  const client = openConnection(context, { socket, info, asyncWrites })
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
  // The client closed the connection before it was accepted.
  if (socket.remoteAddress === undefined) destroyConnection(client)
  // It was accepted paused, so that another thread could take it before anything was read.
  else socket.resume()
  return client
}
