import type { TableMemory } from '../../algorithms/parts/table.ts'
import type { Random } from '../../kit/random.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'
import type { HealthSettings } from '../config/health-settings.ts'
import { type ActiveChecks, activeChecks } from './active-checks.ts'
import {
  addInitialBackends,
  type BackendChanges,
  backendChanges,
  type NewBackend,
} from './backend-changes.ts'
import { type BackendReport, reportBackends } from './backend-report.ts'
import { eligibilityTimer } from './eligibility-timer.ts'
import { healthOf } from './health.ts'
import { cell, type HealthMemory } from './health-memory.ts'
import { prober } from './probe.ts'
import type { ValidateBackends } from './validate-backends.ts'

/** What the main thread does for health: checks, the passing of time, changes, and saying how it stands. */
export interface HealthControl extends AsyncDisposable {
  readonly changes: BackendChanges
  backends(): BackendReport[]
  /** Too few backends are healthy, so that health is ignored. */
  panic(): boolean
}

/** What health is controlled with. */
export interface HealthControlOptions {
  readonly memory: HealthMemory
  readonly table: TableMemory
  readonly settings: HealthSettings
  readonly tls: BackendTls
  /** The backends at the start, for the first rows. */
  readonly backends: readonly NewBackend[]
  readonly validate: ValidateBackends
  readonly random: Random
  /** Seconds of a monotonic clock that all threads share. */
  readonly now: () => number
}

/** Takes control of the health of all backends: on the main thread, before any worker starts. */
export function controlHealth(options: HealthControlOptions): HealthControl {
  const { memory, table, settings, random, now } = options
  const health = healthOf(memory, table, settings)
  addInitialBackends(health, options.backends, now())
  const sweeping = eligibilityTimer(health, now)
  const { active } = settings
  const checks =
    active &&
    activeChecks({ health, settings: active, prober: prober(active, options.tls), random, now })
  const panic = () => Atomics.load(health.columns.common, cell.panic) === 1
  return {
    changes: synced(backendChanges(health, { now, validate: options.validate }), checks),
    backends: () =>
      reportBackends(health, { now: now(), panic: panic(), failure: (row) => checks?.why(row) }),
    panic,
    async [Symbol.asyncDispose]() {
      sweeping[Symbol.dispose]()
      await checks?.[Symbol.asyncDispose]()
    },
  }
}

/** Has the checks follow who joins and who leaves. */
function synced(changes: BackendChanges, checks: ActiveChecks | undefined): BackendChanges {
  return {
    ...changes,
    add(backend) {
      const row = changes.add(backend)
      checks?.sync()
      return row
    },
    remove(id) {
      changes.remove(id)
      checks?.sync()
    },
  }
}
