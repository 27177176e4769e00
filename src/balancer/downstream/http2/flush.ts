import { linger } from '../connection.ts'
import type { SessionState } from './session-state.ts'

/**
 * Passes the output to the socket, as long as the socket writes it at once: the rest stays where its size is
 * bounded. Reads on while there is room for further output. Closes the connection once all is written, if it is
 * to be closed.
 */
export function flush<User>(session: SessionState<User>): void {
  session.flushScheduled = false
  const { connection, http2, socket } = session
  if (connection.state !== 'session') return
  while (socket.writableLength === 0) {
    const bytes = http2.takeOutput()
    if (bytes.length === 0) break
    socket.write(bytes, () => onWritten(session))
    if (socket.writableLength === 0) http2.outputWritten()
    else session.writingSince = connection.context.now()
  }
  if (http2.pendingOutput <= session.maxOutput) wakeBlocked(session)
  if (session.closing && socket.writableLength === 0) linger(connection)
  else if (!http2.wantsRead) socket.pause()
  else if (socket.isPaused()) socket.resume()
}

/** With a further write under way, its memory must not be reused yet. */
function onWritten<User>(session: SessionState<User>): void {
  if (session.socket.writableLength > 0) return
  session.writingSince = Number.POSITIVE_INFINITY
  session.http2.outputWritten()
  flush(session)
}

function wakeBlocked<User>({ blocked }: SessionState<User>): void {
  if (blocked.size === 0) return
  const streams = [...blocked]
  blocked.clear()
  for (const stream of streams) stream.wake()
}
