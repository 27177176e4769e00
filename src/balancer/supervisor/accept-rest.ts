import type { Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds after which a server is closed though connections still come, one after the other. */
const maxMs = 1000

/**
 * Accepts the connections that wait in the queue of the kernel: those that are there when a listening socket closes are reset,
 * although their clients have connected, and may have sent requests. Resolves right after a turn of the event loop in which
 * none came: the caller closes the server at once.
 */
export async function acceptRest(server: Server): Promise<void> {
  const end = performance.now() + maxMs
  let came = true
  const note = () => {
    came = true
  }
  server.on('connection', note)
  while (came && server.listening && performance.now() < end) {
    came = false
    // The end of the current turn, and a whole one: at most one connection is accepted in each.
    await nextTurn()
    await nextTurn()
  }
  server.off('connection', note)
}
