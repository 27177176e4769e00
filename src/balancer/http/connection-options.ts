import { field } from '../../http/field.ts'
import { type Head, listOf, membersOf } from './head.ts'

/** Options of the Connection field of a message. */
export interface ConnectionOptions {
  close: boolean
  keepAlive: boolean
  upgrade: boolean
  /** Names, in lower case, of fields and trailers that are for this connection only. */
  readonly named: ReadonlySet<string>
}

const none: Readonly<ConnectionOptions> = {
  close: false,
  keepAlive: false,
  upgrade: false,
  named: new Set(),
}

/**
 * Reads the Connection fields, and marks every field that they name as `dropped`: it is for this connection
 * only (RFC 9110, section 7.6.1). A client cannot have fields dropped that frame or route the message;
 * those are rewritten in any case.
 */
export function connectionOptions(head: Head): Readonly<ConnectionOptions> {
  let present = false
  for (let index = 0; index < head.count; index++) {
    if (head.kind[index] === field.connection) present = true
  }
  if (!present) return none
  const named = new Set<string>()
  const options = { ...none, named }
  for (const name of membersOf(listOf(head, field.connection).toLowerCase())) {
    if (name === 'close') options.close = true
    else if (name === 'keep-alive') options.keepAlive = true
    else if (name === 'upgrade') options.upgrade = true
    else if (name !== '') named.add(name)
  }
  dropNamed(head, named)
  return options
}

/** Fields that the balancer reads and rewrites itself. */
const rewritten = new Set<number>([
  field.host,
  field.connection,
  field.contentLength,
  field.transferEncoding,
  field.expect,
  field.upgrade,
  field.te,
])

/** Marks the fields with these names as `dropped`: in one pass, however many names there are. */
export function dropNamed(head: Head, named: ReadonlySet<string>): void {
  if (named.size === 0) return
  for (let index = 0; index < head.count; index++) {
    if (rewritten.has(head.kind[index] as number)) continue
    const name = head.bytes.toString('latin1', head.line[index], head.nameEnd[index])
    if (named.has(name.toLowerCase())) head.kind[index] = field.dropped
  }
}
