import type { OnReadOpts, Socket } from 'node:net'
import type { Dialer } from '../../connect/dialer.ts'
import type { Load } from '../../plan/plan.ts'
import type { Address, AddressTurns } from './address-turns.ts'
import type { KeptResponse } from './kept-response.ts'
import { requestBytes } from './request-bytes.ts'
import { responseReader } from './response-reader.ts'

/** A request that is sent in place of that of the load. */
export interface OwnRequest {
  /** All of it. Text is sent as UTF-8. */
  readonly bytes: Buffer | string
  /** Whether its method is HEAD. */
  readonly isHead: boolean
  /** Where parts of its response are kept. */
  readonly kept: KeptResponse | undefined
}

/** One connection, with at most one request on it. Times are milliseconds of `performance.now()`. */
export interface Connection {
  /** When the request was due; for the use of its owner. */
  dueMs: number
  /** When the request was written; where a connection had to be opened for it, when that began. */
  sentMs: number
  /** When the driver got to the request; for the use of its owner. */
  arrivedMs: number
  /** When the connection was established; 0 where that is not known. */
  connectedMs: number
  /** Whether the request belongs to the window; for the use of its owner. */
  inWindow: boolean
  /** Whether a request was sent that has not ended. */
  readonly inFlight: boolean
  /** Sends the request of the load, or `request`; only while no other is in flight on this connection. */
  send(nowMs: number, request?: OwnRequest): void
  /** Cancels the request: the listener hears only `free` afterwards. */
  cancel(): void
  close(): void
}

/** Listens to connections: for each request one of the first two, unless it was cancelled, then `free`. */
export interface ConnectionListener {
  completed(connection: Connection, status: number): void
  /** `connected`: the connection was open, so that it was the request that failed. */
  failed(connection: Connection, kind: string, connected: boolean): void
  free(connection: Connection): void
}

/** Bytes that are read at once. */
export const readBytes = 64 * 1024

/** Options of the connections of one load. */
export interface ConnectionsOptions {
  readonly load: Load
  readonly dial: Dialer
  readonly addresses: AddressTurns
}

/** Makes connections for one load; each opens with its first request, and again after it was closed. */
export function http1Connections({
  load: { request },
  dial,
  addresses,
}: ConnectionsOptions): (listener: ConnectionListener) => Connection {
  const bytes = requestBytes(request, dial.target.url)
  const isHead = request.method === 'HEAD'
  // All connections read into one buffer: what was read is parsed before anything else is.
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  return (listener) => connection({ bytes, isHead, buffer, dial, addresses }, listener)
}

interface ConnectionOptions extends Pick<ConnectionsOptions, 'dial' | 'addresses'> {
  /** The request. */
  readonly bytes: Buffer
  readonly isHead: boolean
  /** Holds what a socket has read while its callback runs. */
  readonly buffer: Buffer
}

function connection(
  { bytes, isHead, buffer, dial, addresses }: ConnectionOptions,
  listener: ConnectionListener,
): Connection {
  const reader = responseReader({ isHead })
  let socket: Socket | undefined
  let address: Address | undefined
  let connected = false
  let inFlight = false

  const drop = (): void => {
    socket?.destroy()
    socket = undefined
    connected = false
  }
  const complete = (): void => {
    inFlight = false
    if (address !== undefined) address.responses++
    listener.completed(own, reader.status)
    listener.free(own)
  }
  /** The request has ended without a response. */
  const endFailed = (): void => {
    inFlight = false
    if (address !== undefined) address.failed++
  }
  const fail = (kind: string): void => {
    const wasConnected = connected
    drop()
    if (!inFlight) return
    endFailed()
    listener.failed(own, kind, wasConnected)
    listener.free(own)
  }
  const read = (length: number): void => {
    // Bytes that no request asked for: the next response on this connection could not be told from them.
    const reading = inFlight ? reader.read(buffer, length) : 'invalid'
    if (reading === 'partial') return
    if (reading === 'invalid') {
      fail('invalid HTTP response')
      return
    }
    if (reading === 'excess' || !reader.keepAlive) drop()
    complete()
  }
  const ended = (): void => {
    if (inFlight && reader.end()) {
      drop()
      complete()
    } else fail('closed before the response was complete')
  }
  const connectNow = (): Socket => {
    const to = addresses.next()
    address = to
    const callback: OnReadOpts['callback'] = (length) => {
      if (made === socket) read(length)
      return true
    }
    const made = dial.open(to.endpoint, { buffer, callback })
    made.on(dial.secure ? 'secureConnect' : 'connect', () => {
      if (made !== socket) return
      connected = true
      own.connectedMs = performance.now()
      addresses.opened(to, made)
    })
    made.on('end', () => {
      if (made === socket) ended()
    })
    made.on('error', (error: NodeJS.ErrnoException) => {
      if (made === socket) fail(error.code ?? error.message)
    })
    made.on('close', () => {
      if (made === socket) ended()
    })
    return made
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
      inFlight = true
      own.sentMs = nowMs
      reader.reset(request?.isHead, request?.kept)
      socket ??= connectNow()
      socket.write(request?.bytes ?? bytes)
    },
    cancel() {
      drop()
      if (!inFlight) return
      endFailed()
      listener.free(own)
    },
    close: drop,
  }
  return own
}
