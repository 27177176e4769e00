import { byteBuffer } from '../../../http/byte-buffer.ts'
import { errorCode } from '../../../http2/error-code.ts'
import type { Http2Events } from '../../../http2/events.ts'
import { fieldKind } from '../../../http2/field-kind.ts'
import { addField, clearFields, hasValue, valueAt } from '../../../http2/field-list.ts'
import type { Http2Head } from '../../../http2/head-check.ts'
import type { Http2Stream } from '../../../http2/stream.ts'
import { dateLine } from '../../http/date.ts'
import { proxyStatusValue } from '../../http/proxy-status.ts'
import { acceptOf, newWebSocketKey, websocket } from '../../http/websocket.ts'
import { writeLastChunk } from '../../http2/write-http1-fields.ts'
import { writeHttp1Request } from '../../http2/write-http1-request.ts'
import { writeHttp1Upgrade } from '../../http2/write-http1-upgrade.ts'
import { count, tally } from '../../shared/counters.ts'
import { proxyStatusOf } from '../../shared/proxy-status-of.ts'
import { refusalReason } from '../refusal-reason.ts'
import type { SessionState } from './session-state.ts'
import { type StreamOptions, StreamSocket } from './stream-socket.ts'

const headMethod = Buffer.from('HEAD', 'latin1')

/** Statuses for heads that must not be forwarded: RFC 9110, section 15.5.1; RFC 6585, section 5. */
const problemStatus = { malformed: '400', 'too large': '431' } as const

const scratchBytes = 4096
/** Where heads and trailers are written in HTTP/1.1; valid within one event. */
const scratch = byteBuffer(scratchBytes)

/** The events of a client's HTTP/2 connection: each stream is a client connection of its own. */
export function sessionEvents<User>(
  get: () => SessionState<User>,
): Http2Events<StreamSocket<User>> {
  return {
    headers(stream, head, end) {
      const session = get()
      const { connection } = session
      const { context } = connection
      progress(session)
      // Each stream has its own time limits.
      connection.deadline = Number.POSITIVE_INFINITY
      const protocol = head.index[fieldKind.protocol] as number
      if (protocol >= 0 && valueAt(head.fields, protocol).toLowerCase() !== websocket) {
        refuse(session, stream, '501')
        // Ends the rest of the request, too.
        session.http2.resetStream(stream, errorCode.noError)
        return
      }
      scratch.length = 0
      stream.user = new StreamSocket<User>(session, stream, writeRequest(head, end))
      session.beginning.push(stream.user)
      // While draining, each connection may open one more stream.
      if (context.draining) connection.session?.close()
    },
    refused(stream, problem) {
      progress(get())
      refuse(get(), stream, problemStatus[problem])
    },
    data(stream, bytes, end) {
      progress(get())
      stream.user?.receiveData(bytes, end)
    },
    trailers(stream, fields) {
      progress(get())
      scratch.length = 0
      writeLastChunk(scratch, fields)
      stream.user?.receiveTrailers(written())
    },
    drained: (stream) => stream.user?.wake(),
    closed(stream) {
      const session = get()
      if (stream.user !== undefined) {
        session.blocked.delete(stream.user)
        session.finishing.delete(stream.user)
        stream.user.closed()
      }
      if (session.http2.openStreams === 0) awaitStream(session)
    },
    settings() {
      const session = get()
      if (session.settingsReceived) return
      session.settingsReceived = true
      if (session.http2.openStreams === 0) awaitStream(session)
    },
    pong: () => undefined,
    goAway: () => undefined,
    finished: () => closeWhenWritten(get()),
    failed: () => closeWhenWritten(get()),
  }
}

/** Writes a request in HTTP/1.1: an extended CONNECT as one that asks for WebSocket (RFC 8441). */
function writeRequest(head: Http2Head, end: boolean): StreamOptions {
  if ((head.index[fieldKind.protocol] as number) < 0) {
    const toHead = hasValue(head.fields, head.index[fieldKind.method] as number, headMethod)
    const chunked = writeHttp1Request(scratch, head, end)
    return { head: written(), toHead, chunked, accept: '' }
  }
  const key = newWebSocketKey()
  writeHttp1Upgrade(scratch, head, key)
  return { head: written(), toHead: false, chunked: false, accept: acceptOf(key) }
}

/** A copy of what was written to the scratch memory. */
function written(): Buffer {
  return Buffer.from(scratch.bytes.subarray(0, scratch.length))
}

/** Responds to a request that is not forwarded. */
function refuse<User>(
  session: SessionState<User>,
  stream: Http2Stream<StreamSocket<User>>,
  status: string,
): void {
  const { connection } = session
  const { fields } = session.scratch
  const { settings, events, observe } = connection.context
  const reason = refusalReason(Number(status))
  const proxyStatus = proxyStatusOf(settings, reason)
  tally(observe.counters, count.refused)
  clearFields(fields)
  addField(fields, ':status', status)
  if (proxyStatus) addField(fields, 'proxy-status', proxyStatusValue(proxyStatus))
  addField(fields, 'date', dateLine().slice('Date: '.length, -2))
  addField(fields, 'content-length', '0')
  session.http2.sendHeaders(stream, fields, true)
  events.refused(connection, Number(status), reason)
}

/** A frame was received in full: if another one is incomplete, its time starts now. */
function progress<User>(session: SessionState<User>): void {
  session.headSince = Number.POSITIVE_INFINITY
}

/** A connection without streams has the time limit of an idle connection. */
function awaitStream<User>({ connection }: SessionState<User>): void {
  const { context } = connection
  const { keepAlive, linger } = context.settings.timeouts
  connection.deadline = context.now() + (context.draining ? linger : keepAlive)
}

function closeWhenWritten<User>(session: SessionState<User>): void {
  session.closing = true
  session.scheduleFlush()
}
