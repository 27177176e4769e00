import type { AdminServer } from '../admin/admin-server.ts'
import type { BalancerCounts, BalancerSettings } from '../config/config.ts'
import type { HealthControl } from '../health/control.ts'
import type { Shared } from '../worker/shared-memory.ts'
import type { WorkerPool } from './worker-pool.ts'

/** The parts of the running balancer that the admin port shows and changes. */
interface BalancerParts {
  readonly shared: Shared
  readonly health: HealthControl
  readonly workers: WorkerPool
  counts(): BalancerCounts
  readonly state: { readonly draining: boolean }
}

/**
 * Opens the admin port. Without one in the settings it returns undefined and loads none of its modules.
 *
 * @throws UsageError when the port cannot be listened on
 */
export async function startAdmin(
  { admin }: BalancerSettings,
  { shared, health, workers, counts, state }: BalancerParts,
): Promise<AdminServer | undefined> {
  const { metrics } = shared
  if (admin === undefined || metrics === undefined) return undefined
  const [{ openAdmin }, { takeSnapshot }] = await Promise.all([
    import('../admin/admin-server.ts'),
    import('../admin/snapshot.ts'),
  ])
  return await openAdmin(admin, {
    changes: health.changes,
    snapshot: () =>
      takeSnapshot({
        draining: state.draining,
        panic: health.panic(),
        backends: health.backends(),
        counts: counts(),
        metrics,
        connections: workers.connections(),
      }),
  })
}
