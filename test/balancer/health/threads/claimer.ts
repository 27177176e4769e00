import { parentPort, workerData } from 'node:worker_threads'
import type { TableMemory } from '../../../../src/algorithms/parts/table.ts'
import { view } from '../../../../src/algorithms/parts/table.ts'
import { roundRobin } from '../../../../src/algorithms/round-robin.ts'
import { backendSet } from '../../../../src/balancer/health/backend-set.ts'
import type { HealthMemory } from '../../../../src/balancer/health/health-memory.ts'
import { healthColumns, readUrl } from '../../../../src/balancer/health/health-memory.ts'

/** What a claimer is given: the memory of the balancer, and cells to stop it and to follow it by. */
export interface ClaimerOptions {
  readonly health: HealthMemory
  readonly table: TableMemory
  readonly cells: SharedArrayBuffer
  /** The cell that it counts the changes in that it heard of; cell 0 is 1 when it is to stop. */
  readonly mine: number
}

/** How many claims were made, and how many of them for another backend than the claimer believed. */
export interface Claimed {
  readonly claims: number
  readonly wrong: number
}

/** Claims rows as fast as it can, holds each for a moment, and looks who really is in the row. */
function claimUntilTold({ health, table, cells: shared, mine }: ClaimerOptions): Claimed {
  const cells = new Int32Array(shared)
  const columns = healthColumns(health)
  const { inFlight } = view(table, []).table
  const known = backendSet({
    health,
    table,
    makePicker: (rows, shared) =>
      roundRobin.picker(rows, { random: () => 0, shared, settings: {} }),
    onBackendChanged: () => Atomics.add(cells, mine, 1),
  })
  parentPort?.postMessage('claiming')
  const choice = { key: '', now: 0, tried: undefined }
  let claims = 0
  let wrong = 0
  while (Atomics.load(cells, 0) === 0) {
    const row = known.claim(choice)
    if (row < 0) continue
    claims++
    if (known.byRow[row]?.url !== readUrl(columns, row)) wrong++
    Atomics.sub(inFlight, row, 1)
  }
  return { claims, wrong }
}

parentPort?.postMessage(claimUntilTold(workerData as ClaimerOptions))
