import { sentBytes } from '../io/sent-bytes.ts'
import type { ClientConnection } from './connection.ts'

/** Whether bytes for the client were sent since the last call. */
export function hasSentMore<User>(client: ClientConnection<User>): boolean {
  const sent = sentBytes(client.socket)
  const more = sent !== client.sentBefore
  client.sentBefore = sent
  return more
}
