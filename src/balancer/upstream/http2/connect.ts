import { connect, type Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { Http2Limits } from '../../../http2/limits.ts'
import type { BackendAddress } from '../../config/backend-address.ts'
import { readAhead, readAheadOfTls } from '../../io/read-ahead.ts'
import { releaseRead } from '../../io/release-read.ts'
import { enableTcpKeepAlive } from '../../io/tcp-keep-alive.ts'
import { connectTls } from '../connect-tls.ts'
import {
  type ConnectContext,
  socketOptions,
  watchAttempts,
  writeHeader,
} from '../socket-options.ts'
import type { BackendStream } from './backend-stream.ts'
import { receive, type SessionOwner, startSession } from './session.ts'
import type { Session } from './session-state.ts'
import type { StreamContext } from './stream-state.ts'

/** A connection that is being opened, and the streams that wait for it. */
export interface Attempt<User> {
  readonly waiting: Set<BackendStream<User>>
  /** In seconds. */
  readonly startedAt: number
  /** It has neither succeeded nor failed yet. */
  readonly open: boolean
  /** Removes a stream. The connection is closed with the last one. */
  cancel(stream: BackendStream<User>): void
}

/** Outcomes of an attempt: one of them is called, once. */
export interface AttemptEvents<User> {
  /** The backend speaks HTTP/2, and has sent its SETTINGS. */
  http2(session: Session<User>): void
  /** The backend speaks HTTP/1.1. */
  http1(socket: TLSSocket): void
  /** The connect failed, with the error where there was one. */
  failed(error: Error | undefined): void
}

/** Options of a connection. */
export interface ConnectOptions<User> extends ConnectContext {
  readonly address: BackendAddress
  readonly tls: () => { readonly verify: boolean; readonly context: SecureContext }
  readonly limits: Http2Limits
  readonly context: StreamContext<User>
  /** Shared by the connections of a worker: valid within one read. */
  readonly readBuffer: Buffer
  /** Events of the session, once it is ready. */
  readonly owner: Pick<SessionOwner<User>, 'ended' | 'lost'>
  /** Seconds. */
  readonly now: () => number
}

/** Connects to a backend in HTTP/2, or over TLS in the protocol that it chooses. */
export function startAttempt<User>(
  options: ConnectOptions<User>,
  events: AttemptEvents<User>,
): Attempt<User> {
  const { address, tls, limits, context, readBuffer, owner, names, now } = options
  let settled = false
  const settle = (outcome: () => void) => {
    if (settled) return
    settled = true
    outcome()
  }
  let session: Session<User> | undefined
  const startHttp2 = (on: Socket) => {
    const started = startSession<User>(on, {
      limits,
      now,
      owner: {
        ready: (ready) => settle(() => events.http2(ready)),
        ended: owner.ended,
        lost(lost) {
          settle(() => events.failed(error))
          owner.lost(lost)
        },
      },
    })
    session = started
    return started
  }
  const socket = address.protocol === 'https' ? openSecure() : openClear()
  watchAttempts(socket, address, names)
  let error: Error | undefined
  socket.on('error', (cause) => {
    error = cause
  })
  socket.on('close', () => settle(() => events.failed(error)))

  function openClear(): Socket {
    const callback = (size: number) => {
      if (session !== undefined) receive(session, context, readBuffer.subarray(0, size))
      return true
    }
    const clear = connect({
      ...socketOptions(address, options),
      noDelay: true,
      onread: { buffer: readBuffer, callback },
    })
    writeHeader(clear, options)
    clear.once('connect', () => {
      enableTcpKeepAlive(clear, options.tcpKeepAlive)
      startHttp2(clear).readAhead = () =>
        readAhead(clear, readBuffer, (size) => callback(size) && !clear.isPaused())
    })
    return clear
  }

  function openSecure(): Socket {
    const secure = connectTls(address, options, tls(), ['h2', 'http/1.1'])
    secure.once('secureConnect', () => {
      if (secure.alpnProtocol !== 'h2') {
        settle(() => events.http1(secure))
        return
      }
      startHttp2(secure).readAhead = () => readAheadOfTls(secure, readBuffer)
      secure.on('data', (bytes: Buffer) => {
        if (session !== undefined) receive(session, context, bytes)
        releaseRead(bytes)
      })
    })
    return secure
  }

  const waiting = new Set<BackendStream<User>>()
  return {
    waiting,
    startedAt: now(),
    get open() {
      return !settled
    },
    cancel(stream) {
      if (waiting.delete(stream) && waiting.size === 0) settle(() => void socket.destroy())
    },
  }
}
