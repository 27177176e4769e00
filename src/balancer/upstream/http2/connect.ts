import type { ClientHttp2Session, ClientSessionOptions } from 'node:http2'
import { connect, type Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { BackendAddress } from '../../config/backend-address.ts'
import { connectSecurely } from '../connect-tls.ts'
import type { Http2Stream } from './stream.ts'

/** What one stream may have sent that was not read yet, and all of a session's together, in bytes. */
const streamWindow = 256 * 1024
const sessionWindow = 4 * 1024 * 1024
/** What a session may hold, in MB: with Node's 10 a hundred uploads at once come close. */
const sessionMemory = 100

/** A connection that is being opened, and who waits for it. */
export interface Attempt {
  readonly waiting: Set<Http2Stream>
  /** In seconds. */
  readonly startedAt: number
  /** Nothing came of it yet. */
  readonly open: boolean
  /** One no longer waits; when nobody does, it is given up. */
  leave(passage: Http2Stream): void
}

/** What comes of an attempt: one of these is called, once. */
export interface Outcomes {
  /** The backend speaks HTTP/2, and said how many streams it takes. */
  multiplexed(http2: ClientHttp2Session): void
  /** It speaks HTTP/1.1. */
  plain(socket: TLSSocket): void
  failed(): void
}

/** What a connection is opened with. */
export interface AttemptOptions {
  readonly address: BackendAddress
  readonly tls: () => { readonly verify: boolean; readonly context: SecureContext }
  /** Fields in the head of an answer. */
  readonly fields: number
  readonly now: number
}

/** Connects to a backend in HTTP/2, or over TLS in what it offers. */
export function attempt(
  { address, tls, fields, now }: AttemptOptions,
  outcomes: Outcomes,
): Attempt {
  let settled = false
  const settle = (outcome: () => void) => {
    if (settled) return
    settled = true
    outcome()
  }
  const speak = (socket: Socket) => {
    const http2 = speakHttp2(socket, fields)
    http2.once('remoteSettings', () => settle(() => outcomes.multiplexed(http2)))
  }
  const socket = open()
  socket.on('error', () => undefined)
  socket.on('close', () => settle(outcomes.failed))

  function open(): Socket {
    if (address.protocol !== 'https') {
      const clear = connect({ host: address.host, port: address.port })
      clear.once('connect', () => speak(clear))
      return clear
    }
    const secure = connectSecurely(address, tls(), ['h2', 'http/1.1'])
    secure.once('secureConnect', () => {
      if (secure.alpnProtocol === 'h2') speak(secure)
      else settle(() => outcomes.plain(secure))
    })
    return secure
  }

  const waiting = new Set<Http2Stream>()
  return {
    waiting,
    startedAt: now,
    get open() {
      return !settled
    },
    leave(passage) {
      if (waiting.delete(passage) && waiting.size === 0) settle(() => void socket.destroy())
    },
  }
}

/** A client may send a field twice that Node would not; it is passed on as it is. Not in Node's types. */
const passingAll = { strictSingleValueFields: false }

/** Starts HTTP/2 on a connection that stands: RFC 9113, section 3.4. */
function speakHttp2(socket: Socket, fields: number): ClientHttp2Session {
  // Loaded by the first who needs it: with node:http, which it brings, it takes 18 MiB in each worker.
  const { connect: start } = process.getBuiltinModule('node:http2')
  const options: ClientSessionOptions = {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindow },
    maxSessionMemory: sessionMemory,
    // Besides the status.
    maxHeaderListPairs: fields + 1,
    ...passingAll,
  }
  // The requests say their scheme and authority themselves.
  const http2 = start('http://backend', options)
  http2.on('error', () => undefined)
  http2.once('connect', () => http2.setLocalWindowSize(sessionWindow))
  return http2
}
