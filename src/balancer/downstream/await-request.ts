import type { ClientConnection } from './connection.ts'

/**
 * Seconds for which an idle connection stays open while draining: a request that is already on its way still
 * gets its response, with `Connection: close`.
 */
const drainingSeconds = 0.5

/** Sets the time limit of a connection that waits for its next request. */
export function awaitRequest<User>(client: ClientConnection<User>): void {
  const { context } = client
  const { keepAlive } = context.settings.timeouts
  const seconds = context.draining ? Math.min(drainingSeconds, keepAlive) : keepAlive
  client.deadline = context.now() + seconds
}

/**
 * Whether an idle connection whose time is up stays open, since requests still come on others while draining: a client
 * that has not noticed yet that the balancer leaves uses all of its connections, one after the other.
 */
export function awaitsOthers<User>(client: ClientConnection<User>): boolean {
  const { draining, lastRequestAt, now } = client.context
  const until = lastRequestAt + drainingSeconds
  if (!draining || until <= now()) return false
  client.deadline = until
  return true
}
