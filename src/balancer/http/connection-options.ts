import { field } from './field.ts'
import { type Head, listOf, membersOf } from './head.ts'

/** What the Connection field of a message asks for. */
export interface ConnectionOptions {
  close: boolean
  keepAlive: boolean
  upgrade: boolean
}

const none: Readonly<ConnectionOptions> = { close: false, keepAlive: false, upgrade: false }

/**
 * Reads the Connection fields, and marks every field that they name as one to drop: it was meant for
 * this connection only (RFC 9110, section 7.6.1). What frames or routes the message is not ours to
 * drop on a client's word; it is written anew anyway.
 */
export function connectionOptions(head: Head): Readonly<ConnectionOptions> {
  let present = false
  for (let index = 0; index < head.count; index++) {
    if (head.kind[index] === field.connection) present = true
  }
  if (!present) return none
  const options = { ...none }
  for (const name of membersOf(listOf(head, field.connection).toLowerCase())) {
    if (name === 'close') options.close = true
    else if (name === 'keep-alive') options.keepAlive = true
    else if (name === 'upgrade') options.upgrade = true
    else if (name !== '') drop(head, name)
  }
  return options
}

function drop(head: Head, name: string): void {
  for (let index = 0; index < head.count; index++) {
    const kind = head.kind[index]
    if (
      kind !== field.other &&
      kind !== field.via &&
      kind !== field.forwardedFor &&
      kind !== field.forwarded
    )
      continue
    const length = (head.nameEnd[index] as number) - (head.line[index] as number)
    if (length !== name.length) continue
    const start = head.line[index] as number
    if (head.bytes.toString('latin1', start, start + length).toLowerCase() === name)
      head.kind[index] = field.dropped
  }
}
