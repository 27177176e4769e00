import type { Http2Events } from '../../http2/events.ts'
import type { BackendStream } from './backend-stream.ts'
import type { Session } from './session-state.ts'

/** The events of a session: each stream is used as a connection of its own. `onReady`: the backend has sent its SETTINGS. */
export function sessionEvents<User>(
  get: () => Session<User>,
  onReady: (session: Session<User>) => void,
): Http2Events<BackendStream<User>> {
  let ready = false
  return {
    headers: (stream, head, end) => stream.user?.receiveHead(head, end),
    // Servers send no requests.
    refused: () => undefined,
    data: (stream, bytes, end) => stream.user?.receiveData(bytes, end),
    trailers: (stream, fields) => stream.user?.receiveEnd(fields),
    drained: (stream) => stream.user?.wake(),
    closed: (stream) => stream.user?.closed(),
    settings() {
      if (ready) return
      ready = true
      onReady(get())
    },
    pong() {
      get().pingedAt = Number.POSITIVE_INFINITY
    },
    goAway() {
      get().closing = true
    },
    finished: () => leave(get()),
    failed: () => leave(get()),
  }
}

/** Closes the socket once the output is written. */
function leave<User>(session: Session<User>): void {
  session.closing = true
  session.leaving = true
  session.scheduleFlush()
}
