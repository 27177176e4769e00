import { colon } from '../http/bytes.ts'
import type { ConnectionState } from './connection-state.ts'
import { type FieldList, hasName, hasValue } from './field-list.ts'
import { max31Bits } from './frame-type.ts'
import { openStream } from './open-stream.ts'
import { sendHeaders } from './send-message.ts'
import type { StreamState } from './stream.ts'

/** Whether a client may open one more stream: RFC 9113, sections 5.1.1, 5.1.2 and 6.8. */
export function hasRoom<User>(connection: ConnectionState<User>): boolean {
  const { role, dead, goAwaySent, goAwayReceived, streams, peer, lastStream } = connection
  const leaves = goAwaySent <= max31Bits || goAwayReceived <= max31Bits
  if (role !== 'client' || dead || leaves) return false
  return streams.size < peer.maxConcurrentStreams && nextStream(lastStream) <= max31Bits
}

function nextStream(lastStream: number): number {
  return lastStream === 0 ? 1 : lastStream + 2
}

/** Opens a stream with a request. Returns undefined if the peer takes no further stream. */
export function openRequest<User>(
  connection: ConnectionState<User>,
  user: User,
  { fields, end }: { readonly fields: FieldList; readonly end: boolean },
): StreamState<User> | undefined {
  if (!hasRoom(connection)) return undefined
  const stream = openStream(connection, nextStream(connection.lastStream), user)
  stream.method = methodIn(fields)
  sendHeaders(connection, stream, { fields, end })
  return stream
}

const methodName = Buffer.from(':method')
const headMethod = Buffer.from('HEAD')
const connectMethod = Buffer.from('CONNECT')

/** The method of the request, if the content of the response depends on it. */
function methodIn(fields: FieldList): 'HEAD' | 'CONNECT' | undefined {
  for (let index = 0; index < fields.count && isPseudo(fields, index); index++) {
    if (!hasName(fields, index, methodName)) continue
    if (hasValue(fields, index, headMethod)) return 'HEAD'
    return hasValue(fields, index, connectMethod) ? 'CONNECT' : undefined
  }
  return undefined
}

function isPseudo(fields: FieldList, index: number): boolean {
  return fields.bytes[fields.nameStart[index] as number] === colon
}
