import { count, tally } from '../../shared/counters.ts'
import { openConnection } from '../connection.ts'
import type { SessionState } from './session-state.ts'

/**
 * Begins the requests whose heads were read, once all that was read with them has been processed: a request that its client
 * reset meanwhile costs no more than its frames, however many there are (CVE-2023-44487). It is counted, and not logged.
 */
export function beginRequests<User>(session: SessionState<User>): void {
  const { beginning, connection } = session
  if (beginning.length === 0) return
  const { context, info } = connection
  const { counters } = context.observe
  for (const socket of beginning) {
    if (socket.isGone) {
      tally(counters, count.requests)
      tally(counters, count.aborted)
    } else socket.begin(openConnection(context, { socket, info, parent: connection }))
  }
  beginning.length = 0
}
