import type { TableMemory } from '../../algorithms/parts/table.ts'
import type { Random } from '../../kit/random.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'
import type { HealthSettings } from '../config/health-settings.ts'
import type { ResolverSettings } from '../config/resolver-settings.ts'
import type { ValidateBackends } from '../config/validate-backends.ts'
import { newNames } from '../names/names.ts'
import { type ActiveChecks, activeChecks } from './active-checks.ts'
import { type BackendChanges, backendChanges, type NewBackend } from './backend-changes.ts'
import { type BackendReport, reportBackends } from './backend-report.ts'
import { confirmEjections } from './confirmation.ts'
import { eligibilityTimer } from './eligibility-timer.ts'
import { healthOf, type NoteEjection } from './health.ts'
import { cell, type HealthColumns, type HealthMemory } from './health-memory.ts'
import { addInitialBackends } from './initial-backends.ts'
import { type ProbeSettings, prober } from './probe.ts'
import { backendIds } from './read-backends.ts'

/** Health on the main thread: active checks, the eligibility timer, changes of the set, and reports. */
export interface HealthControl extends AsyncDisposable {
  readonly changes: BackendChanges
  readonly columns: HealthColumns
  backends(): BackendReport[]
  /** The names of the backends by row, also of those that are leaving; '' for none. */
  ids(): string[]
  /** Whether health is ignored because too few backends are healthy: see `panicThreshold`. */
  panic(): boolean
}

/** Options of the health control. */
export interface HealthControlOptions {
  readonly memory: HealthMemory
  readonly table: TableMemory
  readonly settings: HealthSettings
  readonly tls: BackendTls
  readonly resolver: ResolverSettings
  /** Seconds that a suspected backend has to respond. */
  readonly confirmTimeout: number
  /** The configured backends, in the order of their rows. */
  readonly backends: readonly NewBackend[]
  /** Health before the configuration was read again: backends that stay keep theirs. */
  readonly previous?: HealthColumns | undefined
  readonly validate: ValidateBackends
  readonly random: Random
  /** Seconds of the shared clock. */
  readonly now: () => number
  readonly noteEjection?: NoteEjection | undefined
}

/** Controls the health of all backends. Runs on the main thread, and starts before any worker. */
export function controlHealth(options: HealthControlOptions): HealthControl {
  const { memory, table, settings, random, now } = options
  const health = healthOf(memory, table, settings, options.noteEjection)
  addInitialBackends(health, options, now())
  const timer = eligibilityTimer(health, now)
  const { active } = settings
  const names = newNames({ settings: options.resolver, now })
  const checks =
    active &&
    activeChecks({
      health,
      settings: active,
      prober: prober(active, options.tls, names),
      random,
      now,
    })
  const confirmation = confirmEjections({
    health,
    prober: prober(confirmSettings(options), options.tls, names),
    now,
  })
  const panic = () => Atomics.load(health.columns.common, cell.panic) === 1
  return {
    changes: synced(backendChanges(health, { now, validate: options.validate }), checks),
    backends: () =>
      reportBackends(health, {
        now: now(),
        panic: panic(),
        failureReason: (row) => checks?.failureReason(row),
      }),
    columns: health.columns,
    ids: () => backendIds(health.columns),
    panic,
    async [Symbol.asyncDispose]() {
      timer[Symbol.dispose]()
      names.close()
      await confirmation[Symbol.asyncDispose]()
      await checks?.[Symbol.asyncDispose]()
    },
  }
}

/** Bytes of the body of such a check. */
const confirmBytes = 65_536

/** How suspected backends are checked: a response of any status shows that the backend serves. */
function confirmSettings({ settings, confirmTimeout }: HealthControlOptions): ProbeSettings {
  const path = settings.active?.path ?? '/'
  return { path, timeout: confirmTimeout, statuses: [100, 599], bodyBytes: confirmBytes }
}

/** Changes that also start and stop the active checks. */
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
