import { clientState, hasInput } from '../downstream/connection.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { closeIdle } from '../upstream/pool.ts'

/**
 * Seconds for which an idle connection stays open in a drain: a request that is on its way already
 * still gets its answer, and with it the word that the connection closes.
 */
const grace = 0.5
/** Seconds between two looks at whether all clients are gone. */
const look = 0.02

/** Ends the lane's work without breaking any of it off, and calls `done` when nothing is left. */
export function drain(lane: ProxyContext, done: () => void): void {
  lane.draining = true
  closeIdle(lane, 0)
  const soon = lane.now() + grace
  for (const client of lane.clients) {
    client.session?.close()
    if (client.state === clientState.head && !hasInput(client)) {
      client.deadline = Math.min(client.deadline, soon)
    }
  }
  const looking = setInterval(() => {
    if (lane.clients.size > 0) return
    clearInterval(looking)
    done()
  }, look * 1000)
}
