import { parentPort, workerData } from 'node:worker_threads'
import type { TableMemory } from '../../../../src/algorithms/parts/table.ts'
import type { HealthSettings } from '../../../../src/balancer/config/health-settings.ts'
import { healthOf } from '../../../../src/balancer/health/health.ts'
import type { HealthMemory } from '../../../../src/balancer/health/health-memory.ts'
import { passiveHealth } from '../../../../src/balancer/health/passive.ts'

/** Options of a thread that records `times` failures of `row`. */
export interface FailerOptions {
  readonly health: HealthMemory
  readonly table: TableMemory
  readonly settings: HealthSettings
  readonly row: number
  readonly times: number
}

const { health, table, settings, row, times } = workerData as FailerOptions
const passive = passiveHealth(healthOf(health, table, settings))
for (let i = 0; i < times; i++) passive.recordFailure(row, 1)
parentPort?.postMessage('done')
