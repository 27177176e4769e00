import type { Http2Events } from '../../../http2/events.ts'
import { onStreamClosed } from './end-stream.ts'
import { receiveData, receiveEnd, receiveHead } from './receive-response.ts'
import { wake } from './send-request.ts'
import type { Session } from './session-state.ts'
import type { StreamState } from './stream-state.ts'

/** The events of a session: each stream is used as a connection of its own. `onReady`: the backend has sent its SETTINGS. */
export function sessionEvents<User>(
  get: () => Session<User>,
  onReady: (session: Session<User>) => void,
): Http2Events<StreamState<User>> {
  let ready = false
  return {
    headers: ({ user }, head, end) => user && receiveHead(user, head, end),
    // Servers send no requests.
    refused: () => undefined,
    data: ({ user }, bytes, end) => user && receiveData(user, bytes, end),
    trailers: ({ user }, fields) => user && receiveEnd(user, fields),
    drained: ({ user }) => user && wake(user),
    closed: ({ user }) => user && onStreamClosed(user),
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
