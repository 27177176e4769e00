import type { ConnectionState } from './connection-state.ts'
import { writeWindowUpdate } from './frame-writer.ts'
import { openOutput } from './output.ts'
import { type ReceiveWindow, takeIncrement, type WindowTarget } from './receive-window.ts'
import type { StreamState } from './stream.ts'
import { chargeWindow, fairSize } from './window-budget.ts'

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
  if (stream.ending !== undefined) connection.promised -= count
  consumeOfConnection(connection, count)
  if (connection.dead || stream.ending !== undefined || stream.remoteEnded) return
  const { size } = received
  const increment = takeIncrement(received, streamTarget(connection, received))
  connection.promised += received.size - size
  if (increment > 0) writeWindowUpdate(openOutput(connection.output), stream.id, increment)
}

/** A message of this many bytes that is read at once may be limited by its window: a quarter of the default one. */
const growsAfter = 16_384

/** The share of a connection's window that the windows of its streams may promise by growing: the rest is for further streams. */
const growingShare = 0.5

/**
 * The windows of a client's uploads grow at once, since each step would cost a round trip. Those of responses grow in
 * steps: a session with a backend carries many of them, and clients that do not read must not fill its window.
 */
function streamTarget<User>(
  { role, limits, promised }: ConnectionState<User>,
  { size }: ReceiveWindow,
): WindowTarget {
  const { maxStreamWindow, unread } = limits
  if (role === 'server') return { size: maxStreamWindow, growsAfter }
  const room = Math.max(0, unread * growingShare - promised)
  return { size: Math.min(2 * size, size + room, Math.max(maxStreamWindow, size)) }
}

/** Counts bytes as consumed whose stream is closed or does not exist. */
export function consumeOfConnection<User>(connection: ConnectionState<User>, bytes: number): void {
  const { received, output, windowBudget } = connection
  received.unread -= bytes
  if (connection.dead) return
  const { size } = received
  const increment = takeIncrement(received, connectionTarget(connection))
  if (windowBudget !== undefined) chargeWindow(windowBudget, size, received.size)
  if (increment > 0) writeWindowUpdate(openOutput(output), 0, increment)
}

function connectionTarget<User>(connection: ConnectionState<User>): WindowTarget {
  const { received, limits, windowBudget } = connection
  if (windowBudget === undefined) return { size: received.size }
  return { size: fairSize(windowBudget, received.size, limits.unread), growsAfter }
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
