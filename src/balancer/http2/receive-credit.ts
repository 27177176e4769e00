import type { ConnectionState } from './connection-state.ts'
import { writeWindowUpdate } from './frame-writer.ts'
import { openOutput } from './output.ts'
import { takeIncrement } from './receive-window.ts'
import type { StreamState } from './stream.ts'

/**
 * Counts bytes of a stream's data as consumed, and reopens the windows of the stream and of the connection by
 * them. Until then they are held against the limit of unread bytes of the connection, not against other streams.
 */
export function consume<User>(
  connection: ConnectionState<User>,
  stream: StreamState<User>,
  bytes: number,
): void {
  const { received } = stream
  const count = Math.min(bytes, received.unread)
  if (count <= 0) return
  received.unread -= count
  consumeOfConnection(connection, count)
  if (connection.dead || stream.ending !== undefined || stream.remoteEnded) return
  const increment = takeIncrement(received, connection.limits.maxStreamWindow)
  if (increment > 0) writeWindowUpdate(openOutput(connection.output), stream.id, increment)
}

/** Counts bytes as consumed whose stream is closed or does not exist. */
export function consumeOfConnection<User>(connection: ConnectionState<User>, bytes: number): void {
  const { received, output } = connection
  received.unread -= bytes
  if (connection.dead) return
  const increment = takeIncrement(received, received.size)
  if (increment > 0) writeWindowUpdate(openOutput(output), 0, increment)
}

/** Counts all unread data of a stream as consumed, because it is discarded. */
export function consumeAll<User>(
  connection: ConnectionState<User>,
  { received }: StreamState<User>,
): void {
  const { unread } = received
  received.unread = 0
  if (unread > 0) consumeOfConnection(connection, unread)
}
