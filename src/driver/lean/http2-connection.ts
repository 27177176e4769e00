import { streamsOf } from '../../plan/transport.ts'
import {
  type Connection,
  type ConnectionListener,
  type ConnectionsOptions,
  readBytes,
} from './connection.ts'
import { http2Request } from './http2-fields.ts'
import { http2OwnRequests } from './http2-own-request.ts'
import { type Http2Session, http2Session, type StreamOwner } from './http2-session.ts'

/** An HTTP/2 connection that several streams share: the present one, which is replaced when it takes no more requests. */
interface SharedConnection {
  session: Http2Session | undefined
}

/**
 * Makes connections for one load over HTTP/2: each is a stream, so many of them share one HTTP/2 connection. They are
 * dealt to the connections of the load in turn, so that a few requests in flight are on many connections; further
 * ones, which an open loop makes when all are in use, fill one connection after the other.
 *
 * @throws {UsageError} a field of the request cannot be sent in HTTP/2
 */
export function http2Connections({
  load,
  dial,
  addresses,
}: ConnectionsOptions): (listener: ConnectionListener) => Connection {
  const request = http2Request(load.request, dial.target.url)
  // All connections read into one buffer: what was read is parsed before anything else is.
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  const ownRequest = http2OwnRequests(dial.target.url)
  const open = (): Http2Session => http2Session({ request, dial, addresses, buffer })
  const streams = streamsOf(load)
  const regular = load.connections * streams
  const shared: SharedConnection[] = []
  let made = 0
  return (listener) => {
    const i = made++
    const index =
      i < regular ? i % load.connections : load.connections + Math.floor((i - regular) / streams)
    const own = shared[index] ?? { session: undefined }
    shared[index] = own
    return streamSlot(own, { open, ownRequest, listener })
  }
}

/** A connection for one request at a time, on a stream of its own. */
function streamSlot(
  shared: SharedConnection,
  {
    open,
    ownRequest,
    listener,
  }: {
    readonly open: () => Http2Session
    readonly ownRequest: ReturnType<typeof http2OwnRequests>
    readonly listener: ConnectionListener
  },
): Connection {
  let inFlight = false
  let session: Http2Session | undefined
  let isRepeated = false

  const sendNow = (): void => {
    if (shared.session?.open !== true) shared.session = open()
    session = shared.session
    session.send(owner)
  }
  const endFailed = (): void => {
    inFlight = false
    if (session !== undefined) session.address.failed++
  }
  const owner: StreamOwner = {
    own: undefined,
    kept: undefined,
    status: 0,
    stream: undefined,
    readsBefore: 0,
    completed() {
      inFlight = false
      if (session !== undefined) session.address.responses++
      listener.completed(own, owner.status)
      listener.free(own)
    },
    failed(kind, connected) {
      endFailed()
      listener.failed(own, kind, connected)
      listener.free(own)
    },
    notTaken(kind) {
      // Once: a server that takes no request on any connection must not be tried for ever.
      if (isRepeated) {
        owner.failed(kind, true)
        return
      }
      isRepeated = true
      sendNow()
    },
  }
  const own: Connection = {
    dueMs: 0,
    sentMs: 0,
    arrivedMs: 0,
    connectedMs: 0,
    inWindow: false,
    get inFlight() {
      return inFlight
    },
    send(nowMs, request) {
      owner.own = request && ownRequest(request.bytes)
      owner.kept = request?.kept
      inFlight = true
      isRepeated = false
      own.sentMs = nowMs
      owner.status = 0
      sendNow()
    },
    cancel() {
      if (!inFlight) return
      session?.cancel(owner)
      endFailed()
      listener.free(own)
    },
    close() {
      session?.close()
      shared.session?.close()
    },
  }
  return own
}
