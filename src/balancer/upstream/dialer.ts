import { connect, type Socket } from 'node:net'
import { byteBuffer } from '../../http/byte-buffer.ts'
import { newFieldList } from '../../http2/field-list.ts'
import type { BackendAddress } from '../config/backend-address.ts'
import type { BalancerSettings } from '../config/config.ts'
import { emptyHead } from '../http/head.ts'
import { enableTcpKeepAlive } from '../io/tcp-keep-alive.ts'
import type { Names } from '../names/names.ts'
import { connectTls, secureContext } from './connect-tls.ts'
import {
  attach,
  newConnection,
  onConnected,
  type UpstreamConnection,
  type UpstreamEvents,
  watchLookup,
} from './connection.ts'
import { BackendStream } from './http2/backend-stream.ts'
import type { ConnectOptions as SessionOptions } from './http2/connect.ts'
import { ResponseBatch } from './http2/response-batch.ts'
import { sessionLimits } from './http2/session-limits.ts'
import { newSessionPool, type SessionPool } from './http2/session-pool.ts'
import type { StreamContext } from './http2/stream-state.ts'
import { socketOptions, writeHeader } from './socket-options.ts'

/** Maximum number of fields that the proxy adds to a request. */
const addedFields = 16
/** Bytes of most parts of a request's body. */
const dataBytes = 16 * 1024

/** Requirements of a request on its connection. */
export interface ConnectOptions {
  /** An old connection lost the request: this is its one try on another. */
  readonly fresh: boolean
  /** The request asks for another protocol, which needs HTTP/1.1, except for WebSocket (RFC 8441). */
  readonly upgrade: boolean
  readonly websocket: boolean
  /** PROXY protocol header, in latin-1, with which the connection begins; '' for none. */
  readonly header: string
}

/** Opens a worker's connections to backends over TLS or in HTTP/2. */
export interface Dialer<User> {
  connect(address: BackendAddress, row: number, options: ConnectOptions): UpstreamConnection<User>
  /** The backend in `row` is another one, or was removed: its sessions end with their open streams. */
  closeRow(row: number): void
  /** The backend in `row` has only these addresses now: sessions to others end with their open streams. */
  retire(row: number, addresses: readonly string[]): void
  /** Closes sessions that have had no stream since `before`, in seconds. */
  closeIdle(before: number): void
  /** Closes sessions as soon as they have no stream, from now on. */
  drain(): void
  /** Sessions to the backend in `row` that have no stream. */
  idle(row: number): number
}

/** Options of a dialer. */
export interface DialerOptions<User> {
  readonly settings: Pick<BalancerSettings, 'limits' | 'timeouts' | 'backendTls' | 'tcpKeepAlive'>
  readonly events: UpstreamEvents<User>
  /** Shared by the connections of a worker: valid within one read. */
  readonly readBuffer: Buffer
  readonly names: Names
  /** Seconds. */
  readonly now: () => number
}

/** The dialer of one worker. TLS and HTTP/2 are set up with the first backend that needs them. */
export function newDialer<User>({
  settings,
  events,
  readBuffer,
  names,
  now,
}: DialerOptions<User>): Dialer<User> {
  const { limits, timeouts, backendTls, tcpKeepAlive } = settings
  const connecting = { names, connectTimeout: timeouts.connect, tcpKeepAlive }
  /** By row, and by the header with which their connections begin. */
  const sessionPools: (Map<string, SessionPool<User>> | undefined)[] = []
  /** Pools of former backends, whose streams are ending. */
  const closedPools = new Set<SessionPool<User>>()
  let draining = false
  const tls: SessionOptions<User>['tls'] = once(() => ({
    verify: backendTls.verify,
    context: secureContext(backendTls),
  }))
  const streamContext = once(
    (): StreamContext<User> => ({
      events,
      scratch: {
        head: emptyHead(limits.fields + addedFields),
        fields: newFieldList(),
        data: byteBuffer(dataBytes),
      },
      batch: new ResponseBatch(),
    }),
  )
  const http2Limits = once(() => sessionLimits(settings))

  const poolsOf = (row: number) => [...(sessionPools[row]?.values() ?? [])]

  /** Opens a connection for HTTP/1.1. */
  function openHttp1(address: BackendAddress, header: string): Socket {
    const context = { ...connecting, header }
    if (address.protocol === 'https') return connectTls(address, context, tls(), ['http/1.1'])
    const socket = connect({ ...socketOptions(address, context), noDelay: true })
    writeHeader(socket, context)
    return socket.once('connect', () => enableTcpKeepAlive(socket, tcpKeepAlive))
  }

  function useHttp1(
    connection: UpstreamConnection<User>,
    socket: Socket,
    address: BackendAddress,
  ): UpstreamConnection<User> {
    watchLookup(connection, socket, address, names)
    attach(connection, socket, events)
    const ready = address.protocol === 'https' ? 'secureConnect' : 'connect'
    socket.on(ready, () => onConnected(connection, events))
    return connection
  }

  return {
    connect(address, row, { fresh, upgrade, websocket, header }) {
      if (upgrade && !websocket) {
        const socket = openHttp1(address, header)
        return useHttp1(newConnection<User>(socket, row, address.id), socket, address)
      }
      const scheme = address.protocol === 'https' ? 'https' : 'http'
      const context = streamContext()
      const stream = new BackendStream(context, { scheme, fresh, websocket, row, id: address.id })
      sessionPools[row] ??= new Map()
      const pools = sessionPools[row]
      const pool =
        pools.get(header) ??
        newSessionPool({
          address,
          tls,
          limits: http2Limits(),
          context,
          readBuffer,
          now,
          ...connecting,
          header,
          connectHttp1({ connection }) {
            connection.copiesWrites = false
            useHttp1(connection, openHttp1(address, header), address)
          },
          draining: () => draining,
        })
      pools.set(header, pool)
      pool.assign(stream)
      return stream.connection
    },
    closeRow(row) {
      for (const pool of poolsOf(row)) {
        pool.close()
        closedPools.add(pool)
      }
      sessionPools[row] = undefined
    },
    retire(row, addresses) {
      for (const pool of poolsOf(row)) pool.retire(addresses)
    },
    closeIdle(before) {
      for (const pools of sessionPools) closeIdleIn(pools ?? new Map(), before)
      for (const pool of closedPools) {
        if (pool.empty) closedPools.delete(pool)
        else pool.closeIdle(before)
      }
    },
    drain() {
      draining = true
    },
    idle: (row) => poolsOf(row).reduce((sum, pool) => sum + pool.idle(), 0),
  }
}

/** Closes idle sessions in pools by header; an empty one is kept for no client. */
function closeIdleIn<User>(pools: Map<string, SessionPool<User>>, before: number): void {
  for (const [header, pool] of pools) {
    if (pool.empty && header !== '') pools.delete(header)
    else pool.closeIdle(before)
  }
}

/** Makes a value when it is first used. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => {
    made ??= make()
    return made
  }
}
