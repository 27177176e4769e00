import { parentPort, workerData } from 'node:worker_threads'
import type { TableMemory } from '../../../../src/algorithms/parts/table.ts'
import { view } from '../../../../src/algorithms/parts/table.ts'
import { roundRobin } from '../../../../src/algorithms/round-robin.ts'
import { backendSet } from '../../../../src/balancer/health/backend-set.ts'
import type { HealthMemory } from '../../../../src/balancer/health/health-memory.ts'
import { healthColumns, readRecordText } from '../../../../src/balancer/health/health-memory.ts'

/** Options of a claiming thread: the memory of the balancer, and cells to stop it and to follow its progress. */
export interface ClaimerOptions {
  readonly health: HealthMemory
  readonly table: TableMemory
  readonly cells: SharedArrayBuffer
  /** The index of the cell in which it counts the changes that it saw; it stops when cell 0 is 1. */
  readonly mine: number
}

/** The number of claims, and of those whose row had another backend than the claiming thread knew. */
export interface Claimed {
  readonly claims: number
  readonly wrong: number
}

/** Claims rows as fast as possible, and compares the backend that it knows with that in the row. */
function claimUntilStopped({ health, table, cells: shared, mine }: ClaimerOptions): Claimed {
  const cells = new Int32Array(shared)
  const columns = healthColumns(health)
  const { inFlight } = view(table, []).table
  const backends = backendSet({
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
    const row = backends.claim(choice)
    if (row < 0) continue
    claims++
    if (backends.byRow[row]?.record !== readRecordText(columns, row)) wrong++
    Atomics.sub(inFlight, row, 1)
  }
  return { claims, wrong }
}

parentPort?.postMessage(claimUntilStopped(workerData as ClaimerOptions))
