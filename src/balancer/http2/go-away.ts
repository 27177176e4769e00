import { finishIfDone, lastProcessed } from './close-stream.ts'
import type { ConnectionState } from './connection-state.ts'
import { errorCode } from './error-code.ts'
import { max31Bits } from './frame-type.ts'
import { writeGoAway, writePing } from './frame-writer.ts'
import { openOutput } from './output.ts'

/** The PING behind the first GOAWAY: its acknowledgement says that the peer has read both. */
const announcement = Buffer.from('goodbye!', 'latin1')

/** The PING that asks whether the peer is there. */
const question = Buffer.from('present?', 'latin1')

/** Asks the peer whether it is there: `pong` is reported when it answers. */
export function ping<User>(connection: ConnectionState<User>): void {
  if (connection.dead) return
  writePing(openOutput(connection.output), question, { from: 0, ack: false })
}

/** Whether the eight bytes at `from` are those of the PING behind the first GOAWAY. */
export function isAnnouncement(bytes: Buffer, from: number): boolean {
  return bytes.compare(announcement, 0, 8, from, from + 8) === 0
}

/**
 * Leaves in two steps: RFC 9113, section 6.8. The first GOAWAY names no stream, so that requests which are on
 * their way are still served; the second, once the peer has seen the first, names the last of them.
 */
export function announceGoAway<User>(connection: ConnectionState<User>): void {
  const { role, dead, goAwaySent, output } = connection
  if (dead || goAwaySent <= max31Bits) return
  if (role === 'client') {
    announceLast(connection)
    return
  }
  connection.goAwaySent = max31Bits
  connection.announced = true
  openOutput(output)
  writeGoAway(output, { lastStream: max31Bits, code: errorCode.noError, debug: '' })
  writePing(output, announcement, { from: 0, ack: false })
}

/** Takes no more streams from now on. Those that are open go on; `finished` is reported behind the last. */
export function announceLast<User>(connection: ConnectionState<User>): void {
  const { dead, goAwaySent, output } = connection
  if (dead || goAwaySent < max31Bits) return
  connection.announced = false
  const lastStream = lastProcessed(connection)
  connection.goAwaySent = lastStream
  writeGoAway(openOutput(output), { lastStream, code: errorCode.noError, debug: '' })
  finishIfDone(connection)
}
