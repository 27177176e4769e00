import type { Socket } from 'node:net'
import { moveConnection } from '../downstream/connection.ts'
import type { AccessLog } from '../io/access-log.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'
import { moveCount } from '../proxy/in-flight.ts'
import { slotCount } from '../shared/counters.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import { cutConnections } from './cut.ts'
import { drain } from './drain.ts'
import { loadAccept } from './load-accept.ts'
import { startProxy } from './start-proxy.ts'
import type { WorkerOptions } from './worker-options.ts'

/** Milliseconds between two checks whether the last request of a replaced data path has ended. */
const pollIntervalMs = 50

/** The data path of one worker, which is replaced when the configuration changes. */
export interface DataPaths {
  /** Serves a connection with the current configuration. */
  accept(socket: Socket): void
  /**
   * Applies a configuration. New connections use it, those that are open use it from their next request on. Requests in
   * progress and tunnels end with the configuration that they began with; `retired` is called after the last of them.
   */
  apply(options: WorkerOptions, log: AccessLog | undefined): Promise<void>
  /** The current data path. */
  readonly proxy: ProxyContext<Exchange>
  /** The worker exits: no more connections are to be sent to it. */
  exiting(): void
  /** Drains all data paths, and calls `done` when no connection is left. */
  drain(done: () => void): void
  /** Cuts all connections; `reason` is logged with each request in progress. */
  cut(reason: FailureReason): void
  close(): void
}

/** One data path, and the version of the configuration that it was made for. */
interface DataPath {
  readonly version: number
  readonly proxy: ProxyContext<Exchange>
  close(): void
}

/**
 * Starts the data path of a worker.
 *
 * @param retired a version has no request in this worker any more
 */
export async function startDataPaths(
  options: WorkerOptions,
  log: AccessLog | undefined,
  retired: (version: number) => void,
): Promise<DataPaths> {
  let acceptConnection = await loadAccept(options)
  let current = start(options, log)
  /** Data paths whose last requests are in progress. */
  const replaced = new Set<DataPath>()
  let polling: NodeJS.Timeout | undefined

  function retireReplaced(): void {
    for (const path of replaced) {
      if (path.proxy.clients.size > 0) continue
      path.close()
      replaced.delete(path)
      retired(path.version)
    }
    if (replaced.size > 0) return
    clearInterval(polling)
    polling = undefined
  }

  function replace(next: DataPath): void {
    replaced.add(current)
    current = next
    for (const { proxy } of replaced) {
      proxy.replacement = next.proxy
      proxy.pool.drain()
      for (const { user } of proxy.clients) moveCount(user)
      moveIdle(proxy, next.proxy)
    }
    retireReplaced()
    if (replaced.size > 0) polling ??= setInterval(retireReplaced, pollIntervalMs)
  }

  return {
    accept: (socket) => void acceptConnection(current.proxy, socket),
    async apply(next, nextLog) {
      const nextAccept = await loadAccept(next)
      if (next.version !== current.version) replace(start(next, nextLog))
      acceptConnection = nextAccept
    },
    get proxy() {
      return current.proxy
    },
    exiting() {
      current.proxy.observe.slot[slotCount.exiting] = 1
    },
    drain(done) {
      let left = replaced.size + 1
      const one = () => {
        left--
        if (left === 0) done()
      }
      for (const { proxy } of [current, ...replaced]) drain(proxy, one)
    },
    cut(reason) {
      for (const { proxy } of [current, ...replaced]) cutConnections(proxy, reason)
    },
    close() {
      clearInterval(polling)
      for (const path of [current, ...replaced]) path.close()
    },
  }
}

function start(options: WorkerOptions, log: AccessLog | undefined): DataPath {
  return { version: options.version, ...startProxy(options, log) }
}

/** Moves the connections on which no request is being served. Streams of HTTP/2 end with their only request. */
function moveIdle(from: ProxyContext<Exchange>, to: ProxyContext<Exchange>): void {
  for (const client of from.clients) {
    if (client.state !== 'exchange' && client.parent === undefined) moveConnection(client, to)
  }
}
