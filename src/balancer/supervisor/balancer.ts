import { type AddressInfo, createServer, type Server } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pause } from '../../kit/pause.ts'
import type { StepRow } from '../../kit/steps.ts'
import { checkInThread } from '../config/check-in-thread.ts'
import type { BalancerCounts, BalancerSettings, InForce } from '../config/config.ts'
import type { ConfigSource } from '../config/config-source.ts'
import { identityOf } from '../config/tls-identity.ts'
import { unixPath } from '../config/unix-path.ts'
import { readPauses } from '../observe/pause-ring.ts'
import { readSteps } from '../observe/step-memory.ts'
import { allocateShared } from '../worker/shared-memory.ts'
import { acceptRest } from './accept-rest.ts'
import { newAdmission } from './admission.ts'
import { type BalancerHost, ownProcess } from './balancer-host.ts'
import { holdAccessLog } from './hold-access-log.ts'
import { type Reloaded, reloader } from './reload.ts'
import { reloadState } from './reload-state.ts'
import { startAdmin } from './start-admin.ts'
import { startHealth } from './start-health.ts'
import { versionsFrom } from './versions.ts'
import { startWorkers } from './worker-pool.ts'

/** A running balancer. */
export interface Balancer extends AsyncDisposable {
  /** 0 on a unix socket. */
  readonly port: number
  /** The current settings. */
  readonly settings: BalancerSettings
  /** Undefined without an admin port. */
  readonly adminPort: number | undefined
  /** The settings in force. */
  inForce(): InForce
  counts(): BalancerCounts
  /** The last pauses of the workers; none unless `observe.pauses` is set. */
  pauses(): Pause[]
  /** Times of the steps of requests, of each worker; none unless `observe.steps` is set. */
  steps(): StepRow[][]
  /** Terminates one worker, as a crash would; for tests. */
  kill(worker: number): void
  /**
   * Reopens the access log at its path, in case the file was rotated, and applies the configuration that `read` returns,
   * with the files that it names. Requests in progress are not affected. One after the other.
   *
   * @throws UsageError when it cannot be used: the one before stays in force entirely
   */
  reload(read: () => unknown): Promise<Reloaded>
  /**
   * /healthz reports the stop. After `timeouts.grace`: accepts no more connections, drains requests in flight, and ends
   * after `timeouts.drain` at the latest.
   */
  stop(): Promise<void>
  /** Stops without waiting for requests in flight: they are cut, also in a stop that has begun. */
  cut(): Promise<void>
}

/** Options of a balancer, besides its configuration. */
interface BalancerOptions {
  /** A YAML or JSON file with a configuration, whose fields the given one overrides. Read again by `reload`. */
  readonly file?: string | undefined
  readonly host?: BalancerHost | undefined
}

/**
 * Checks a configuration and starts the balancer. The main thread only accepts connections and dispatches each
 * to the worker with the fewest open ones, so that even a few connections are spread evenly. While no worker is
 * ready, connections wait; connections that a worker has taken are lost with it: docs/reference/balancer.md.
 *
 * @throws UsageError when the configuration or a file that it names cannot be used, or its port is in use
 */
export async function startBalancer(
  config: unknown,
  options: BalancerOptions = {},
): Promise<Balancer> {
  const source = { file: options.file, config }
  return start({ ...(await checkInThread(source)), source }, options)
}

/**
 * Starts a balancer without TLS to clients whose settings were checked by another process: the check takes as long as
 * the rest of the start.
 *
 * @throws UsageError when its port is in use
 */
export function startChecked(settings: BalancerSettings): Promise<Balancer> {
  return start({ settings, tls: undefined, source: undefined }, {})
}

/** A configuration that was checked. */
interface CheckedConfig extends Awaited<ReturnType<typeof checkInThread>> {
  readonly source: ConfigSource | undefined
}

async function start(
  { settings, tls, source }: CheckedConfig,
  { file, host: process = ownProcess }: BalancerOptions,
): Promise<Balancer> {
  const identity = tls && identityOf(tls)
  const shared = allocateShared(settings)
  await using started = new AsyncDisposableStack()
  const versions = versionsFrom({
    number: 1,
    settings,
    shared,
    health: startHealth(settings, shared),
  })
  started.defer(() => versions.current.health[Symbol.asyncDispose]())
  await using _log = await holdAccessLog(settings)
  const cutting = new AbortController()
  const workers = await startWorkers({ version: 1, settings, shared, identity })
  const stopWorkers = () => workers.stop(versions.current.settings.timeouts.drain, cutting.signal)
  started.defer(stopWorkers)
  const admission = started.use(newAdmission(() => versions.current.settings, workers))
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  server.on('connection', admission.admit)
  // Only now, so that no connection is accepted before a worker can serve it.
  const listening = await listenForClients(server, settings, process)
  started.defer(listening.close)
  const counts = () => ({ ...versions.counts(), turnedAway: admission.turnedAway() })
  const state = { draining: false }
  const reloads = reloadState()
  const admin = await startAdmin(settings, {
    versions,
    workers,
    reloads,
    counts,
    state,
    host: process,
  })
  if (admin !== undefined) started.use(admin)
  // A unix socket has none.
  const { port = 0 } = server.address() as Partial<AddressInfo>
  const running = started.move()
  const changes = reloader({ versions, workers, reloads, identity, source })
  const stop = async () => {
    state.draining = true
    const reloadsEnd = changes.close()
    await grace(versions.current.settings.timeouts.grace, cutting.signal)
    listening.hide()
    await process.release()
    await acceptRest(server)
    listening.close()
    // One that is being applied would start new checks and data paths behind the stop.
    await reloadsEnd
    // Its client gets it before the threads end that it is of.
    await admin?.endProfile()
    // The admin port closes last, so that /healthz reports the drain.
    await stopWorkers()
    await running.disposeAsync()
  }
  let stopped: Promise<void> | undefined
  const stopOnce = () => {
    stopped ??= stop()
    return stopped
  }
  return {
    port,
    get settings() {
      return versions.current.settings
    },
    adminPort: admin?.port,
    inForce: () => ({
      settings: versions.current.settings,
      workers: workers.heapLimits().map((limits) => ({
        youngGeneration: limits.maxYoungGenerationSizeMb,
        oldSpace: limits.maxOldGenerationSizeMb,
      })),
    }),
    counts,
    pauses() {
      const { pauses } = versions.current.shared
      return pauses === undefined ? [] : readPauses(pauses)
    },
    steps() {
      const { steps } = versions.current.shared
      return steps === undefined ? [] : readSteps(steps)
    },
    reload(read) {
      workers.reopenLog()
      return changes.reload(async () => ({ file, config: await read() }))
    },
    kill: (worker) => workers.kill(worker),
    stop: stopOnce,
    cut() {
      cutting.abort()
      return stopOnce()
    },
    [Symbol.asyncDispose]: stopOnce,
  }
}

/** The server for clients, as it stops. */
interface ListeningServer {
  /** Removes the file of a unix socket: no more clients find it. */
  hide(): void
  close(): void
}

/** Starts listening where `settings` say. */
async function listenForClients(
  server: Server,
  { host, port, listen, listenMode, backlog }: BalancerSettings,
  process: BalancerHost,
): Promise<ListeningServer> {
  const name = 'the balancer'
  if (listen === undefined) {
    await process.listen(server, { host, port, backlog }, name)
    return { hide: () => undefined, close: () => void server.close() }
  }
  const path = unixPath(listen)
  const mode = Number.parseInt(listenMode, 8)
  const file = await process.listenUnix(server, { path, mode, backlog }, name)
  return {
    hide: () => file.remove(),
    close() {
      file.remove()
      server.close()
    },
  }
}

/** Goes on as before for `seconds`, or until `cut` aborts: load balancers in front need time to read /healthz. */
async function grace(seconds: number, cut: AbortSignal): Promise<void> {
  if (seconds > 0) await wait(seconds * 1000, undefined, { signal: cut }).catch(() => undefined)
}
