import { wake } from './send-request.ts'
import type { Session } from './session-state.ts'

/**
 * Passes the output to the socket, as long as the socket writes it at once: the rest stays where its size is
 * bounded. Reads on while there is room for further output. Closes the connection once all is written, if it is
 * to be closed.
 */
export function flush<User>(session: Session<User>): void {
  session.flushScheduled = false
  const { http2, socket } = session
  // After an error the socket is closed in a later phase of the event loop; what it does not take was not sent.
  if (session.lost || socket.destroyed || !mayWrite(session)) return
  writeOutput(session)
  if (http2.pendingOutput <= session.maxOutput) wakeBlocked(session)
  if (session.leaving && socket.writableLength === 0) socket.destroySoon()
  else if (!http2.wantsRead) socket.pause()
  else if (socket.isPaused()) socket.resume()
}

function writeOutput<User>(session: Session<User>): void {
  const { http2, socket } = session
  while (socket.writableLength === 0) {
    const bytes = http2.takeOutput()
    if (bytes.length === 0) break
    // The backend takes nothing any more, but a response may still come.
    if (session.writeFailed) continue
    socket.write(bytes, session.onWritten)
    // A write that fails at once has sent nothing; one that has sent a part fails later.
    if (session.writeFailed) http2.outputFailed(true)
    else if (socket.writableLength === 0) http2.outputWritten()
  }
}

/**
 * Before a request that must not be sent twice is written, the kernel is asked whether the backend has closed the connection:
 * in a busy turn of the event loop the end may have come since sockets were read. The requests in the output are then sent elsewhere.
 */
function mayWrite<User>(session: Session<User>): boolean {
  const { carriesOnceOnly, readAhead, socket } = session
  // While the socket has bytes to write, it takes none.
  if (!carriesOnceOnly || socket.writableLength > 0) return true
  session.carriesOnceOnly = false
  if (readAhead === undefined || socket.isPaused() || readAhead()) return !session.lost
  session.lose()
  return false
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
  for (const stream of streams) wake(stream)
}
