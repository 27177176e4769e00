import type { ConnectionState } from './connection-state.ts'
import { defaultWindow } from './settings.ts'
import { newStream, type StreamState } from './stream.ts'

/** Opens a stream, of the peer or of this side. */
export function openStream<User>(
  connection: ConnectionState<User>,
  id: number,
  user: User | undefined,
): StreamState<User> {
  const { peer, limits, acknowledged, streams } = connection
  const stream = newStream(id, user, {
    send: peer.initialWindowSize,
    receive: limits.streamWindow,
  })
  // Until the peer acknowledges our SETTINGS, it may use the default window.
  if (!acknowledged) stream.received.available = Math.max(limits.streamWindow, defaultWindow)
  connection.lastStream = id
  connection.promised += stream.received.size
  streams.set(id, stream)
  return stream
}
