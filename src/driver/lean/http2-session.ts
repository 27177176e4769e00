import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Dialer } from '../../connect/dialer.ts'
import { createHttp2Connection } from '../../http2/connection.ts'
import { errorCode } from '../../http2/error-code.ts'
import type { Http2Events } from '../../http2/events.ts'
import type { Http2Stream } from '../../http2/stream.ts'
import type { Address, AddressTurns } from './address-turns.ts'
import type { Http2Request } from './http2-fields.ts'
import { http2HeadText, setsCookie } from './http2-kept-head.ts'
import { driverLimits, errorName } from './http2-limits.ts'
import { type KeptResponse, keepBody } from './kept-response.ts'

/** A request on an HTTP/2 connection, and who sent it. Of the last three, one is called for each request that is not cancelled. */
export interface StreamOwner {
  /** Sent in place of the request of the load. */
  own: Http2Request | undefined
  /** Where parts of the response are kept. */
  kept: KeptResponse | undefined
  /** Status of the response; 0 before its head has come. */
  status: number
  /** Undefined while the request waits, and after it has ended. */
  stream: Http2Stream<StreamOwner> | undefined
  /** Reads of the connection when the request was sent. */
  readsBefore: number
  completed(): void
  /** `connected`: the connection was established. */
  failed(kind: string, connected: boolean): void
  /** It was not sent, because the server takes no more requests on this connection: `kind` says why. */
  notTaken(kind: string): void
}

/** One HTTP/2 connection of a driver. */
export interface Http2Session {
  readonly address: Address
  /** Whether it takes further requests. */
  readonly open: boolean
  /** Sends a request; it waits until the connection is established, and while the server allows no further stream. */
  send(owner: StreamOwner): void
  /** Resets the stream of a request, whose owner hears nothing of it. */
  cancel(owner: StreamOwner): void
  close(): void
}

/** Options of a connection. */
interface Http2SessionOptions {
  readonly request: Http2Request
  readonly dial: Dialer
  readonly addresses: AddressTurns
  /** Holds what a socket has read while its callback runs: shared by all connections. */
  readonly buffer: Buffer
}

/** Stream identifiers end at 2³¹ (RFC 9113, section 5.1.1): a connection is replaced before. */
const lastStream = 2 ** 31 - 1000

/** Opens an HTTP/2 connection to the next address: by ALPN over TLS, by prior knowledge in clear text (RFC 9113, section 3). */
export function http2Session({
  request,
  dial,
  addresses,
  buffer,
}: Http2SessionOptions): Http2Session {
  const address = addresses.next()
  const waiting = new Set<StreamOwner>()
  /** Requests that were cut off; the event that follows says why. */
  let cut: StreamOwner[] = []
  let connected = false
  /** Over TLS the handshake decides it. */
  let isHttp2 = !dial.secure
  /** No further request is sent; the socket is closed once all is written; it is closed. */
  let leaving = false
  let ending = false
  let lost = false
  /** Received bytes are processed: what that writes is written together. */
  let reading = false
  /** The SETTINGS of the server have come: it may allow fewer streams than are sent. */
  let settled = false
  let goAway: string | undefined
  let reads = 0

  const failCut = (kind: string): void => {
    const owners = cut
    cut = []
    for (const owner of owners) owner.failed(kind, true)
  }
  const refuseWaiting = (kind: string): void => {
    const owners = [...waiting]
    waiting.clear()
    for (const owner of owners) owner.notTaken(kind)
  }
  const events: Http2Events<StreamOwner> = {
    headers({ user }, head) {
      const { status, fields } = head
      if (user === undefined || status < 200) return
      user.status = status
      const { kept } = user
      if (kept !== undefined && (kept.wantsHead || setsCookie(fields))) {
        kept.head = http2HeadText(head)
      }
    },
    refused() {},
    data(stream, bytes) {
      const kept = stream.user?.kept
      if (kept?.wantsBody) keepBody(kept, bytes, 0, bytes.length)
      http2.consume(stream, bytes.length)
    },
    trailers() {},
    drained() {},
    closed(stream) {
      const owner = stream.user
      if (owner === undefined) return
      owner.stream = undefined
      // After a complete response a server may reset the rest of the request (RFC 9113, section 8.1).
      if (stream.remoteEnded) owner.completed()
      else if (stream.ending === 'connection') cut.push(owner)
      else if (stream.ending === 'peer') owner.failed(`RST_STREAM ${errorName(stream.code)}`, true)
      else owner.failed(`invalid HTTP/2 response: ${errorName(stream.code)}`, true)
    },
    settings() {
      settled = true
    },
    pong() {},
    goAway(code) {
      leaving = true
      goAway = `GOAWAY ${errorName(code)}`
      failCut(goAway)
      refuseWaiting(goAway)
    },
    finished() {
      leaving = true
      ending = true
    },
    failed(code) {
      leaving = true
      ending = true
      const kind = `invalid HTTP/2: ${errorName(code)}`
      failCut(kind)
      refuseWaiting(kind)
    },
  }
  const http2 = createHttp2Connection<StreamOwner>({ role: 'client', limits: driverLimits, events })

  const mayStart = (): boolean => isHttp2 && http2.hasRoom() && (settled || http2.openStreams === 0)
  const start = (owner: StreamOwner): void => {
    const { fields, body } = owner.own ?? request
    const stream = http2.openStream(fields, body.length === 0, owner)
    if (stream === undefined) {
      waiting.add(owner)
      return
    }
    owner.stream = stream
    owner.readsBefore = reads
    if (body.length > 0) http2.sendData(stream, body, true)
    if (stream.id >= lastStream && !leaving) {
      leaving = true
      http2.goAway()
    }
  }
  const startWaiting = (): void => {
    for (const owner of waiting) {
      if (!mayStart()) return
      waiting.delete(owner)
      start(owner)
    }
  }
  const writeOutput = (): void => {
    while (socket.writableLength === 0) {
      const bytes = http2.takeOutput()
      if (bytes.length === 0) return
      socket.write(bytes, written)
      if (socket.writableLength === 0) http2.outputWritten()
    }
  }
  /** Writes the output, as long as the socket takes it at once; the rest follows when it was written. */
  const flush = (): void => {
    if (lost || reading || !isHttp2) return
    writeOutput()
    if (ending && socket.writableLength === 0) socket.destroySoon()
    else if (!http2.wantsRead) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }
  const written = (): void => {
    if (lost || socket.writableLength > 0) return
    http2.outputWritten()
    flush()
  }
  const lose = (kind: string): void => {
    if (lost) return
    lost = true
    socket.destroy()
    http2.lost()
    const why = goAway ?? kind
    failCut(why)
    const owners = [...waiting]
    waiting.clear()
    for (const owner of owners) owner.failed(why, connected)
  }
  const callback = (length: number): boolean => {
    if (lost) return true
    reads++
    reading = true
    http2.receive(buffer.subarray(0, length))
    reading = false
    startWaiting()
    flush()
    return true
  }
  const establish = (): void => {
    if (lost) return
    if (dial.secure && (socket as TLSSocket).alpnProtocol !== 'h2') {
      lose('the server did not choose HTTP/2 by ALPN')
      return
    }
    connected = true
    isHttp2 = true
    addresses.opened(address, socket)
    startWaiting()
    flush()
  }
  const socket: Socket = dial.open(address.endpoint, { buffer, callback })
  const closed = (): void => lose('closed before the response was complete')
  socket.on(dial.secure ? 'secureConnect' : 'connect', establish)
  socket.on('end', closed)
  socket.on('close', closed)
  socket.on('error', (error: NodeJS.ErrnoException) => lose(error.code ?? error.message))

  return {
    address,
    get open() {
      return !leaving && !lost
    },
    send(owner) {
      if (waiting.size > 0 || !mayStart()) waiting.add(owner)
      else start(owner)
      flush()
    },
    cancel(owner) {
      const { stream } = owner
      owner.stream = undefined
      if (waiting.delete(owner)) {
        if (!connected && waiting.size === 0) lose('timed out')
        return
      }
      if (stream === undefined || stream.ending !== undefined) return
      stream.user = undefined
      http2.resetStream(stream, errorCode.cancel)
      // Nothing has come since: the next request is not sent into a connection that may be dead.
      if (http2.openStreams === 0 && reads === owner.readsBefore) lose('timed out')
      else flush()
    },
    close() {
      lost = true
      socket.destroy()
    },
  }
}
