import type { ClientHttp2Session, ClientSessionOptions } from 'node:http2'
import { connect, type Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { BackendAddress } from '../../config/backend-address.ts'
import { connectTls } from '../connect-tls.ts'

/** Flow control toward backends (toward clients: src/balancer/http2): windows of a stream and of a session, in bytes. */
const streamWindow = 256 * 1024
const sessionWindow = 4 * 1024 * 1024
/** Memory limit of a session, in MB: a hundred uploads at once come close to Node's default of 10. */
const sessionMemory = 100

/** A connection that is being opened, and the streams that wait for it. */
export interface Attempt<Waiter> {
  readonly waiting: Set<Waiter>
  /** In seconds. */
  readonly startedAt: number
  /** It has neither succeeded nor failed yet. */
  readonly open: boolean
  /** Removes a waiter. The connection is closed with the last one. */
  cancel(waiter: Waiter): void
}

/** Outcomes of an attempt: one of them is called, once. */
export interface AttemptEvents {
  /** The backend speaks HTTP/2, and has sent its SETTINGS. */
  http2(session: ClientHttp2Session): void
  /** The backend speaks HTTP/1.1. */
  http1(socket: TLSSocket): void
  /** The connect failed, with the error where there was one. */
  failed(error: Error | undefined): void
}

/** Options of a connection. */
export interface SessionOptions {
  readonly address: BackendAddress
  readonly tls: () => { readonly verify: boolean; readonly context: SecureContext }
  /** Maximum number of fields in the head of a response. */
  readonly fields: number
  /** Seconds. */
  readonly now: () => number
}

/** Connects to a backend in HTTP/2, or over TLS in the protocol that it chooses. */
export function startAttempt<Waiter>(
  { address, tls, fields, now }: SessionOptions,
  events: AttemptEvents,
): Attempt<Waiter> {
  let settled = false
  const settle = (outcome: () => void) => {
    if (settled) return
    settled = true
    outcome()
  }
  const startHttp2 = (on: Socket) => {
    const session = newHttp2Session(on, fields)
    session.once('remoteSettings', () => settle(() => events.http2(session)))
  }
  const socket = open()
  let error: Error | undefined
  socket.on('error', (cause) => {
    error = cause
  })
  socket.on('close', () => settle(() => events.failed(error)))

  function open(): Socket {
    if (address.protocol !== 'https') {
      const plain = connect({ host: address.host, port: address.port })
      plain.once('connect', () => startHttp2(plain))
      return plain
    }
    const secure = connectTls(address, tls(), ['h2', 'http/1.1'])
    secure.once('secureConnect', () => {
      if (secure.alpnProtocol === 'h2') startHttp2(secure)
      else settle(() => events.http1(secure))
    })
    return secure
  }

  const waiting = new Set<Waiter>()
  return {
    waiting,
    startedAt: now(),
    get open() {
      return !settled
    },
    cancel(waiter) {
      if (waiting.delete(waiter) && waiting.size === 0) settle(() => void socket.destroy())
    },
  }
}

/** Has Node pass on a field that a client sent twice, though it is defined once. Not in Node's types. */
const passRepeatedFields = { strictSingleValueFields: false }

/** Starts HTTP/2 on a connection: RFC 9113, section 3.4. */
function newHttp2Session(socket: Socket, fields: number): ClientHttp2Session {
  // Loaded with the first such backend: with node:http, which it needs, it takes 18 MiB in each worker.
  const { connect: connectHttp2 } = process.getBuiltinModule('node:http2')
  const options: ClientSessionOptions = {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindow },
    maxSessionMemory: sessionMemory,
    // One more for the status.
    maxHeaderListPairs: fields + 1,
    ...passRepeatedFields,
  }
  // Each request has its own scheme and authority.
  const session = connectHttp2('http://backend', options)
  session.on('error', () => undefined)
  session.once('connect', () => session.setLocalWindowSize(sessionWindow))
  return session
}
