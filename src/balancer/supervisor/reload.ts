import { isDeepStrictEqual } from 'node:util'
import { checkAgain } from '../config/check-again.ts'
import type { BalancerSettings } from '../config/config.ts'
import type { ConfigSource } from '../config/config-source.ts'
import { type Identity, identityOf } from '../config/tls-identity.ts'
import { allocateShared } from '../worker/shared-memory.ts'
import { keepFixed } from './fixed-settings.ts'
import { holdAccessLog } from './hold-access-log.ts'
import type { ReloadState } from './reload-state.ts'
import { startHealth } from './start-health.ts'
import type { Versions } from './versions.ts'
import type { WorkerPool } from './worker-pool.ts'

/** The result of reading the configuration again. */
export interface Reloaded {
  /** Some settings differ from before. Certificates are read again in any case. */
  readonly changed: boolean
  /** Fields whose new value needs a restart: the old value stays. */
  readonly needRestart: readonly string[]
}

/** The parts of the running balancer that a new configuration changes. */
interface ReloadParts {
  readonly versions: Versions
  readonly workers: WorkerPool
  readonly reloads: ReloadState
  identity: Identity | undefined
  /** The configuration in force, as it was given; undefined where it was checked elsewhere. */
  source: ConfigSource | undefined
}

/** Applies new configurations to a running balancer, one after the other. */
export interface Reloader {
  /**
   * Applies the configuration that `read` returns, and the files that it names, while the balancer serves. All of it is
   * checked before anything changes: docs/decisions/0013-reload.md. Calls while one waits for its turn share that turn.
   *
   * @throws UsageError when it cannot be used: the one before stays in force entirely
   */
  reload(read: () => Promise<ConfigSource>): Promise<Reloaded>
  /** From now on nothing is applied any more. Resolves when no reload is in progress. */
  close(): Promise<void>
}

/** A reloader of the balancer that consists of `parts`. */
export function reloader(parts: ReloadParts): Reloader {
  const { reloads } = parts
  let running: Promise<unknown> = Promise.resolve()
  let waiting: Promise<Reloaded> | undefined
  let closed = false

  async function run(read: () => Promise<ConfigSource>): Promise<Reloaded> {
    waiting = undefined
    try {
      const result = await apply(parts, await read(), () => closed)
      reloads.applied()
      return result
    } catch (error) {
      reloads.rejected((error as Error).message)
      throw error
    }
  }

  return {
    reload(read) {
      if (waiting !== undefined) return waiting
      const turn = running.then(() => run(read))
      waiting = turn
      running = turn.catch(() => undefined)
      return turn
    },
    async close() {
      closed = true
      await running
    },
  }
}

async function apply(
  parts: ReloadParts,
  source: ConfigSource,
  closed: () => boolean,
): Promise<Reloaded> {
  const { versions, workers } = parts
  const before = versions.current
  const checked = await checkAgain(source, parts.source && { ...before, source: parts.source })
  const { settings, needRestart } = keepFixed(before.settings, checked.settings)
  // With TLS that was not there before, the old settings stay without it, and the other way round.
  const identity =
    settings.tls && checked.tls ? identityOf(checked.tls, parts.identity) : parts.identity
  const logMoves = settings.accessLog !== before.settings.accessLog
  await using _log = logMoves ? await holdAccessLog(settings) : undefined
  if (closed()) return { changed: false, needRestart }
  const changed = !isDeepStrictEqual(withoutGaps(settings), withoutGaps(before.settings))
  if (changed) {
    const shared = allocateShared(settings, before)
    const health = startHealth(settings, shared, before.health.columns)
    versions.replace({ number: before.number + 1, settings, shared, health })
    await before.health[Symbol.asyncDispose]()
  }
  parts.identity = identity
  // With settings that need a restart, the next check is to name them again.
  parts.source = needRestart.length === 0 ? source : undefined
  const { number: version, shared } = versions.current
  await workers.apply({ version, settings, shared, identity }, () => versions.retire(before.number))
  return { changed, needRestart }
}

/** Settings without fields that are undefined: they mean the same as fields that are not there. */
function withoutGaps(settings: BalancerSettings): unknown {
  return JSON.parse(JSON.stringify(settings))
}
