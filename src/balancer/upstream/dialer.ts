import type { BackendAddress } from '../config/backend-address.ts'
import { byteBuffer } from '../http/byte-buffer.ts'
import { emptyHead } from '../http/head.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { connectSecurely, secureContext } from './connect-tls.ts'
import {
  attach,
  newUpstream,
  stand,
  type UpstreamConnection,
  type UpstreamEvents,
} from './connection.ts'
import type { AttemptOptions } from './http2/connect.ts'
import { retire } from './http2/session.ts'
import { newSessionPool, type SessionPool } from './http2/session-pool.ts'
import { type Http2Streams, newHttp2Stream } from './http2/stream.ts'

/** Fields that we may add to a request. */
const additions = 16
/** Room for what most frames bring. */
const frameOctets = 20 * 1024

/** What a request needs of its connection. */
interface Wanted {
  readonly row: number
  /** An old connection lost the request: this is its one try on another. */
  readonly fresh: boolean
  /** It asks for another protocol, which HTTP/2 can't change to. */
  readonly upgrade: boolean
}

/** Opens a worker's ways to backends that are spoken to over TLS, or in HTTP/2. */
export interface Dialer {
  connect(address: BackendAddress, wanted: Wanted): UpstreamConnection
  /** The backend in `row` is another one, or gone: what is under way there may end. */
  closeRow(row: number): void
  /** Sessions to the backend in `row` that have no request. */
  idle(row: number): number
  /** Closes sessions that have had no request since `oldest`, in seconds. */
  closeIdle(oldest: number): void
}

/** The dialer of one worker. What it needs is made when there is a backend that needs it. */
export function dialer(lane: ProxyContext, events: UpstreamEvents): Dialer {
  const { limits, timeouts, backendTls } = lane.settings
  const ways: (SessionPool | undefined)[] = []
  const once = <T>(make: () => T) => {
    let made: T | undefined
    return () => {
      made ??= make()
      return made
    }
  }
  const tls: AttemptOptions['tls'] = once(() => ({
    verify: backendTls.verify,
    context: secureContext(backendTls),
  }))
  const passages = once(
    (): Http2Streams => ({
      events,
      head: emptyHead(limits.fields + additions),
      frames: byteBuffer(frameOctets),
      patience: timeouts.connect,
      ended(session) {
        session.open--
        if (session.open > 0) return
        session.idleSince = lane.now()
        if (lane.draining) retire(session)
      },
    }),
  )

  function connectPlain(address: BackendAddress, row: number): UpstreamConnection {
    const socket = connectSecurely(address, tls(), ['http/1.1'])
    const upstream = newUpstream(socket, row, address.id)
    attach(upstream, socket, events)
    socket.on('secureConnect', () => stand(upstream, events))
    return upstream
  }

  return {
    connect(address, { row, fresh, upgrade }) {
      if (upgrade) return connectPlain(address, row)
      const scheme = address.protocol === 'https' ? 'https' : 'http'
      const passage = newHttp2Stream(passages(), { scheme, fresh, row, id: address.id })
      ways[row] ??= newSessionPool({
        address,
        tls,
        fields: limits.fields,
        now: lane.now,
        patience: timeouts.connect,
      })
      ways[row].send(passage)
      return passage.upstream
    },
    closeRow(row) {
      ways[row]?.close()
      ways[row] = undefined
    },
    idle: (row) => ways[row]?.idle() ?? 0,
    closeIdle(oldest) {
      for (const one of ways) one?.closeIdle(oldest)
    },
  }
}
