import type { BackendAddress } from '../config/backend-address.ts'
import type { BalancerSettings } from '../config/config.ts'
import { release, type WriteBuffer } from '../io/write-buffer.ts'
import type { Names } from '../names/names.ts'
import {
  discard,
  openConnection,
  type UpstreamConnection,
  type UpstreamEvents,
} from './connection.ts'
import { type ConnectOptions, newDialer } from './dialer.ts'

/** A worker's connections to backends: one contract for HTTP/1.1, HTTP/2 and TLS. */
export interface Pool<User> {
  /** The idle connection to `row` with this header that was used last; undefined where there is none. */
  take(row: number, header: string): UpstreamConnection<User> | undefined
  /** Opens a connection to `row`; undefined where its backend was removed. */
  connect(row: number, options: ConnectOptions): UpstreamConnection<User> | undefined
  /** Takes a connection whose request is complete. */
  giveBack(connection: UpstreamConnection<User>): void
  /** The backend in `row` is another one, or was removed: closes all idle connections to it. */
  closeRow(row: number): void
  /** The backend in `row` has only these addresses now: connections to others end with their requests. */
  retire(row: number, addresses: readonly string[]): void
  /** Closes connections that have been idle since `before`, in seconds of the worker's clock. */
  closeIdle(before: number): void
  /** Closes all idle connections, and keeps none from now on. */
  drain(): void
  /** Idle connections to `row`. */
  idle(row: number): number
}

/** Options of a pool. */
export interface PoolOptions<User> {
  readonly settings: Pick<BalancerSettings, 'limits' | 'timeouts' | 'backendTls' | 'tcpKeepAlive'>
  readonly rows: number
  /** The backend in `row`; undefined where there is none. */
  address(row: number): BackendAddress | undefined
  /** Events of connections that have a user. */
  readonly events: UpstreamEvents<User>
  /** The worker's write buffer, whose memory connections may own for a while. */
  readonly writeBuffer: WriteBuffer
  readonly names: Names
  /** Seconds. */
  readonly now: () => number
}

/** An empty pool. */
export function newPool<User>(options: PoolOptions<User>): Pool<User> {
  const { settings, rows, address: addressOf, names, now } = options
  /** By row; the connection that was used last is at the end. */
  const lists: UpstreamConnection<User>[][] = Array.from({ length: rows }, () => [])
  const { pool: maxIdle, readBuffer: readBytes } = settings.limits
  const readBuffer = Buffer.allocUnsafeSlow(readBytes)
  let draining = false
  const events = poolEvents(options, remove)
  const dialer = newDialer({ settings, names, now, events, readBuffer })
  const connecting = {
    ...{ names, connectTimeout: settings.timeouts.connect },
    tcpKeepAlive: settings.tcpKeepAlive,
  }
  /** By row; undefined until the addresses of its backend change. */
  const addresses: (readonly string[] | undefined)[] = []

  /** Whether the backend still has the address of a connection. */
  function isCurrent({ row, socket }: UpstreamConnection<User>): boolean {
    const current = addresses[row]
    return current === undefined || current.includes(socket.remoteAddress ?? '')
  }

  function remove(connection: UpstreamConnection<User>): void {
    const list = lists[connection.row] as UpstreamConnection<User>[]
    const index = list.lastIndexOf(connection)
    if (index >= 0) list.splice(index, 1)
  }

  function closeIdle(before: number): void {
    dialer.closeIdle(before)
    for (const list of lists) {
      let stale = 0
      // In the order of their return, since the connection that was used last is taken first.
      while (stale < list.length && (list[stale] as { idleSince: number }).idleSince <= before) {
        stale++
      }
      for (const connection of list.splice(0, stale)) discard(connection)
    }
  }

  return {
    take(row, header) {
      const list = lists[row] as UpstreamConnection<User>[]
      if (header === '') return list.pop()
      const index = list.findLastIndex((connection) => connection.header === header)
      return index < 0 ? undefined : list.splice(index, 1)[0]
    },
    connect(row, connectOptions) {
      const address = addressOf(row)
      if (address === undefined) return undefined
      // Other protocols than WebSocket are changed to in HTTP/1.1 only: RFC 9113, section 8.6.
      const { upgrade, websocket, header } = connectOptions
      const plain =
        address.protocol === 'http' || (address.protocol === 'h2c' && upgrade && !websocket)
      const connection = plain
        ? openConnection({ address, row, readBuffer, header, ...connecting }, events)
        : dialer.connect(address, row, connectOptions)
      connection.header = header
      return connection
    },
    giveBack(connection) {
      const list = lists[connection.row] as UpstreamConnection<User>[]
      if (list.length >= maxIdle || draining || !isCurrent(connection)) {
        discard(connection)
        return
      }
      connection.user = undefined
      connection.reused = true
      connection.state = 'idle'
      connection.idleSince = now()
      if (connection.mayHoldMore) setImmediate(settle<User>, connection)
      list.push(connection)
    },
    closeRow(row) {
      dialer.closeRow(row)
      addresses[row] = undefined
      for (const connection of (lists[row] as UpstreamConnection<User>[]).splice(0)) {
        discard(connection)
      }
    },
    retire(row, current) {
      addresses[row] = current
      const list = lists[row] as UpstreamConnection<User>[]
      const gone = list.filter((connection) => !isCurrent(connection))
      for (const connection of gone) {
        remove(connection)
        discard(connection)
      }
      dialer.retire(row, current)
    },
    closeIdle,
    drain() {
      draining = true
      dialer.drain()
      closeIdle(now())
    },
    idle: (row) => (lists[row] as UpstreamConnection<User>[]).length + dialer.idle(row),
  }
}

/** The event loop has passed on all that it read before: what came behind the last response has closed the connection. */
function settle<User>(connection: UpstreamConnection<User>): void {
  connection.mayHoldMore = false
}

/** Handles the events of idle connections, and passes those of others on. */
function poolEvents<User>(
  { events, writeBuffer }: PoolOptions<User>,
  remove: (connection: UpstreamConnection<User>) => void,
): UpstreamEvents<User> {
  return {
    connected: events.connected,
    data(connection, bytes) {
      if (connection.closed) return
      if (connection.user !== undefined) events.data(connection, bytes)
      else {
        // No request is open: this must not be taken for the response to the next one.
        remove(connection)
        discard(connection)
      }
    },
    writable(connection) {
      release(writeBuffer, connection)
      events.writable(connection)
    },
    writeFailed: events.writeFailed,
    closed(connection, clean) {
      if (connection.user === undefined) remove(connection)
      else events.closed(connection, clean)
    },
  }
}
