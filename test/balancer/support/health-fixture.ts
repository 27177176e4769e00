import type { Algorithm, BackendTable, Settings } from '../../../src/algorithms/algorithm.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { allocate, type TableMemory, view } from '../../../src/algorithms/parts/table.ts'
import { roundRobin } from '../../../src/algorithms/round-robin.ts'
import {
  type HealthSettings,
  healthSettings,
} from '../../../src/balancer/config/health-settings.ts'
import { backendValidation } from '../../../src/balancer/config/validate-backends.ts'
import {
  type BackendChanges,
  backendChanges,
} from '../../../src/balancer/health/backend-changes.ts'
import { type Health, healthOf } from '../../../src/balancer/health/health.ts'
import { allocateHealth, type HealthMemory } from '../../../src/balancer/health/health-memory.ts'
import { addInitialBackends } from '../../../src/balancer/health/initial-backends.ts'
import { type PassiveHealth, passiveHealth } from '../../../src/balancer/health/passive.ts'

/** A backend set with health, and a clock that is set by hand. */
export interface HealthFixture {
  readonly memory: { readonly health: HealthMemory; readonly table: TableMemory }
  readonly table: BackendTable
  readonly health: Health
  readonly passive: PassiveHealth
  readonly changes: BackendChanges
  /** Seconds. Setting it recomputes nothing. */
  now: number
  /** Advances the clock, and recomputes the eligibility. */
  advance(seconds: number): void
  /** Records `times` failures of a row. */
  fail(row: number, times?: number): void
  respond(row: number, status?: number): void
  /** Rows that may be picked. */
  eligible(): number[]
  /** Ejections that were noted: from when until when. */
  readonly ejections: readonly (readonly [from: number, until: number])[]
}

interface FixtureOptions {
  readonly weights: readonly number[]
  /** Rows without a backend. */
  readonly spare?: number
  /** Zones of the first backends, and the rows of backups. */
  readonly zones?: readonly string[]
  readonly backups?: readonly number[]
  readonly algorithm?: Algorithm
  readonly parameters?: Settings
  readonly settings?: Parameters<typeof healthSettings.parse>[0]
}

/** Backends `http://b0:80`, `http://b1:80`, … of these weights. */
export function healthFixture({
  weights,
  spare = 0,
  algorithm = roundRobin,
  ...options
}: FixtureOptions): HealthFixture {
  const rows = weights.length + spare
  const memory = { health: allocateHealth(rows), table: allocate(rows, algorithm) }
  const { table } = view(memory.table, [])
  const settings: HealthSettings = healthSettings.parse(options.settings ?? {})
  const ejections: [number, number][] = []
  const health = healthOf(memory.health, memory.table, settings, (from, until) => {
    ejections.push([from, until])
  })
  const passive = passiveHealth(health)
  addInitialBackends(
    health,
    {
      backends: weights.map((weight, row) => ({
        url: `http://b${row}:80`,
        weight,
        zone: options.zones?.[row],
        backup: options.backups?.includes(row),
      })),
    },
    0,
  )
  const fixture: HealthFixture = {
    memory,
    table,
    health,
    passive,
    ejections,
    changes: backendChanges(health, {
      now: () => fixture.now,
      validate: backendValidation(algorithm, settingsOf(algorithm, options.parameters)),
    }),
    now: 0,
    advance(seconds) {
      fixture.now += seconds
      health.change(fixture.now, () => undefined)
    },
    fail(row, times = 1) {
      for (let i = 0; i < times; i++) passive.recordFailure(row, fixture.now)
    },
    respond: (row, status = 200) => passive.recordResponse(row, status, fixture.now),
    eligible: () => [...table.eligible.keys()].filter((row) => table.eligible[row] === 1),
  }
  return fixture
}
