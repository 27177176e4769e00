import type { ClientConnection } from './connection.ts'

/** Seconds between two checks whether a client that closed its side is still there. */
const probeInterval = 0.5

/** Sets when to check next whether a client that closed its side is still there. */
export function scheduleProbe<User>(client: ClientConnection<User>): void {
  client.probeAt = client.context.now() + probeInterval
}
