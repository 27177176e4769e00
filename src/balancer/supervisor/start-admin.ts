import type { AdminServer } from '../admin/admin-server.ts'
import type { AdminSource } from '../admin/routes.ts'
import type { MetricsReading } from '../admin/worker-metrics.ts'
import type { BalancerCounts, BalancerSettings } from '../config/config.ts'
import { readSteps } from '../observe/step-memory.ts'
import type { BalancerHost } from './balancer-host.ts'
import type { ReloadState } from './reload-state.ts'
import type { Versions } from './versions.ts'
import type { WorkerPool } from './worker-pool.ts'

/** The parts of the running balancer that the admin port shows and changes. */
interface BalancerParts {
  readonly versions: Versions
  readonly workers: WorkerPool
  readonly reloads: ReloadState
  counts(): BalancerCounts
  readonly state: { readonly draining: boolean }
  readonly host: BalancerHost
}

/** The admin port of a balancer. */
interface BalancerAdmin extends AdminServer {
  /** Ends the profile that is being taken, if there is one, with what it has. */
  endProfile(): Promise<void>
}

/**
 * Opens the admin port. Without one in the settings it returns undefined and loads none of its modules.
 *
 * @throws UsageError when the port cannot be listened on
 */
export async function startAdmin(
  { admin }: BalancerSettings,
  { versions, workers, reloads, counts: readCounts, state, host }: BalancerParts,
): Promise<BalancerAdmin | undefined> {
  if (admin === undefined) return undefined
  const [{ openAdmin }, { takeSnapshot }, { balancerProfiler }] = await Promise.all([
    import('../admin/admin-server.ts'),
    import('../admin/snapshot.ts'),
    import('./balancer-profiler.ts'),
  ])
  const profiler = balancerProfiler(workers)
  const source: AdminSource = {
    profiler,
    changes: () => versions.current.health.changes,
    snapshot() {
      const { health } = versions.current
      const counts = readCounts()
      const { steps } = versions.current.shared
      return takeSnapshot({
        draining: state.draining,
        panic: health.panic(),
        backends: health.backends().map((backend) => ({
          ...backend,
          inFlight: counts.inFlight[backend.row] as number,
        })),
        leaving: versions.leaving(),
        counts,
        // The admin port stays, so there are metrics in each version.
        metrics: versions.metrics() as MetricsReading,
        connections: workers.connections(),
        reloads: reloads.read(),
        restarts: host.restarts,
        droppedLogLines: workers.droppedLogLines(),
        steps: steps && readSteps(steps),
      })
    },
  }
  const server = await openAdmin(
    () => versions.current.settings.admin ?? admin,
    source,
    host.listen,
  )
  return { ...server, endProfile: () => profiler.end() }
}
