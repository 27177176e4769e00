import { finishIfDone, lastProcessed } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { max31Bits } from './frame-type.ts'
import { writeGoAway, writePing } from './frame-writer.ts'
import { openOutput } from './output.ts'

/** The payload of the PINGs behind the first GOAWAY: an acknowledgement proves that the peer has read both. */
const announcement = Buffer.from('goodbye!', 'latin1')

/**
 * PINGs behind the first GOAWAY, one after the other. A peer may acknowledge the first ahead of requests that it had begun to send
 * (nghttp2 does); those are here before the second is acknowledged.
 */
const rounds = 2

/** The payload of the PING that checks whether the peer is alive. */
const question = Buffer.from('present?', 'latin1')

/** Sends a PING; `pong` is reported when it is acknowledged. */
export function ping<User>(connection: ConnectionState<User>): void {
  if (connection.dead) return
  writePing(openOutput(connection.output), question, { from: 0, ack: false })
}

/** Whether the eight bytes at `from` are those of the PING behind the first GOAWAY. */
export function isAnnouncement(bytes: Buffer, from: number): boolean {
  return bytes.compare(announcement, 0, 8, from, from + 8) === 0
}

/**
 * Starts a graceful shutdown in two steps: RFC 9113, section 6.8. The first GOAWAY has the highest identifier, so
 * that requests in flight are still served. The second is sent when the peer has read the first, and has sent its last request.
 */
export function announceGoAway<User>(connection: ConnectionState<User>): void {
  const { role, dead, goAwaySent, output } = connection
  if (dead || goAwaySent <= max31Bits) return
  if (role === 'client') {
    announceLast(connection)
    return
  }
  connection.goAwaySent = max31Bits
  connection.announcements = rounds
  openOutput(output)
  writeGoAway(output, { lastStream: max31Bits, code: errorCode.noError, debug: '' })
  writePing(output, announcement, { from: 0, ack: false })
}

/** The peer has acknowledged a PING behind the first GOAWAY. */
export function announcementRead<User>(connection: ConnectionState<User>): void {
  if (connection.announcements === 0) return
  connection.announcements--
  if (connection.announcements === 0) announceLast(connection)
  else writePing(openOutput(connection.output), announcement, { from: 0, ack: false })
}

/** Sends the final GOAWAY: new streams are ignored, open streams continue. `finished` follows the last of them. */
export function announceLast<User>(connection: ConnectionState<User>): void {
  const { dead, lastAnnounced, output } = connection
  if (dead || lastAnnounced) return
  connection.lastAnnounced = true
  connection.announcements = 0
  const lastStream = lastProcessed(connection)
  connection.goAwaySent = lastStream
  writeGoAway(openOutput(output), { lastStream, code: errorCode.noError, debug: '' })
  finishIfDone(connection)
}
