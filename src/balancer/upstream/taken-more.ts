import { sentBytes } from '../io/sent-bytes.ts'
import type { UpstreamConnection } from './connection.ts'

/** Whether the backend has taken bytes of the request since the last call. */
export function hasTakenMore<User>(connection: UpstreamConnection<User>): boolean {
  const sent = sentBytes(connection.socket)
  const more = sent !== connection.takenBefore
  connection.takenBefore = sent
  return more
}
