import { isDeepStrictEqual } from 'node:util'
import { checkInThread } from '../config/check-in-thread.ts'
import { type Identity, readIdentity } from '../downstream/tls-identity.ts'
import { allocateShared } from '../worker/shared-memory.ts'
import { checkAccessLog } from './check-access-log.ts'
import { keepFixed } from './fixed-settings.ts'
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
  /** The balancer is stopping: nothing is applied any more. */
  readonly state: { readonly draining: boolean }
}

/**
 * Applies a new configuration, and the files that it names, while the balancer serves. All of it is checked before
 * anything changes: docs/decisions/0013-reload.md.
 *
 * @throws UsageError when it cannot be used: the one before stays in force entirely
 */
export async function reload(parts: ReloadParts, read: () => unknown): Promise<Reloaded> {
  const { reloads } = parts
  try {
    const result = await apply(parts, await read())
    reloads.applied()
    return result
  } catch (error) {
    reloads.rejected((error as Error).message)
    throw error
  }
}

async function apply(parts: ReloadParts, config: unknown): Promise<Reloaded> {
  const { versions, workers } = parts
  const before = versions.current
  const { settings, needRestart } = keepFixed(before.settings, await checkInThread(config))
  const identity = await readIdentity(settings, parts.identity)
  if (settings.accessLog !== before.settings.accessLog) await checkAccessLog(settings)
  if (parts.state.draining) return { changed: false, needRestart }
  const changed = !isDeepStrictEqual(settings, before.settings)
  if (changed) {
    const shared = allocateShared(settings, before)
    const health = startHealth(settings, shared, before.health.columns)
    versions.replace({ number: before.number + 1, settings, shared, health })
    await before.health[Symbol.asyncDispose]()
  }
  parts.identity = identity
  const { number: version, shared } = versions.current
  await workers.apply({ version, settings, shared, identity }, () => versions.retire(before.number))
  return { changed, needRestart }
}
