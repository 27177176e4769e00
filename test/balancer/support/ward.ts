import type { Algorithm, BackendTable, Settings } from '../../../src/algorithms/algorithm.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { allocate, type TableMemory, view } from '../../../src/algorithms/parts/table.ts'
import { roundRobin } from '../../../src/algorithms/round-robin.ts'
import {
  type HealthSettings,
  healthSettings,
} from '../../../src/balancer/config/health-settings.ts'
import {
  addInitialBackends,
  type BackendChanges,
  backendChanges,
} from '../../../src/balancer/health/backend-changes.ts'
import { type Health, healthOf } from '../../../src/balancer/health/health.ts'
import { allocateHealth, type HealthMemory } from '../../../src/balancer/health/health-memory.ts'
import { type PassiveHealth, passiveHealth } from '../../../src/balancer/health/passive.ts'
import { backendValidation } from '../../../src/balancer/health/validate-backends.ts'

/** A set of backends whose health is looked after, with a clock that is set by hand. */
export interface Ward {
  readonly memory: { readonly health: HealthMemory; readonly table: TableMemory }
  readonly table: BackendTable
  readonly health: Health
  readonly passive: PassiveHealth
  readonly changes: BackendChanges
  /** Seconds. Setting it settles nothing. */
  now: number
  /** Lets time pass, and has it looked at. */
  pass(seconds: number): void
  /** `times` failures of a row. */
  fail(row: number, times?: number): void
  answer(row: number, status?: number): void
  /** Rows that may be picked. */
  eligible(): number[]
}

interface Setup {
  readonly weights: readonly number[]
  /** Rows without a backend. */
  readonly spare?: number
  readonly algorithm?: Algorithm
  readonly parameters?: Settings
  readonly settings?: Parameters<typeof healthSettings.parse>[0]
}

/** Backends `http://b0:80`, `http://b1:80`, … of these weights. */
export function ward({ weights, spare = 0, algorithm = roundRobin, ...more }: Setup): Ward {
  const rows = weights.length + spare
  const memory = { health: allocateHealth(rows), table: allocate(rows, algorithm) }
  const { table } = view(memory.table, [])
  const settings: HealthSettings = healthSettings.parse(more.settings ?? {})
  const health = healthOf(memory.health, memory.table, settings)
  const passive = passiveHealth(health)
  addInitialBackends(
    health,
    weights.map((weight, row) => ({ url: `http://b${row}:80`, weight })),
    0,
  )
  const self: Ward = {
    memory,
    table,
    health,
    passive,
    changes: backendChanges(health, {
      now: () => self.now,
      validate: backendValidation(algorithm, settingsOf(algorithm, more.parameters)),
    }),
    now: 0,
    pass(seconds) {
      self.now += seconds
      health.change(self.now, () => undefined)
    },
    fail(row, times = 1) {
      for (let i = 0; i < times; i++) passive.recordFailure(row, self.now)
    },
    answer: (row, status = 200) => passive.recordResponse(row, status, self.now),
    eligible: () => [...table.eligible.keys()].filter((row) => table.eligible[row] === 1),
  }
  return self
}
