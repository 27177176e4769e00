import type { Session } from './session-state.ts'

/**
 * Passes the output to the socket, as long as the socket writes it at once: the rest stays where its size is
 * bounded. Reads on while there is room for further output. Closes the connection once all is written, if it is
 * to be closed.
 */
export function flush<User>(session: Session<User>): void {
  session.flushScheduled = false
  if (session.lost) return
  const { http2, socket } = session
  while (socket.writableLength === 0) {
    const bytes = http2.takeOutput()
    if (bytes.length === 0) break
    socket.write(bytes, session.onWritten)
    if (socket.writableLength === 0) http2.outputWritten()
  }
  if (http2.pendingOutput <= session.maxOutput) wakeBlocked(session)
  if (session.leaving && socket.writableLength === 0) socket.destroySoon()
  else if (!http2.wantsRead) socket.pause()
  else if (socket.isPaused()) socket.resume()
}

/** With a further write under way, its memory must not be reused yet. */
export function onWritten<User>(session: Session<User>): void {
  if (session.lost || session.socket.writableLength > 0) return
  session.http2.outputWritten()
  flush(session)
}

function wakeBlocked<User>({ blocked }: Session<User>): void {
  if (blocked.size === 0) return
  const streams = [...blocked]
  blocked.clear()
  for (const stream of streams) stream.wake()
}
