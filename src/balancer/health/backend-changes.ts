import { UsageError } from '../../kit/errors.ts'
import { backendAddress } from '../config/backend-address.ts'
import { type BackendRecord, recordOf } from '../config/backend-record.ts'
import type { ValidateBackends } from '../config/validate-backends.ts'
import { ChangeError } from './change-error.ts'
import type { Health } from './health.ts'
import {
  cell,
  type HealthColumns,
  maxRecordBytes,
  membership,
  writeRecord,
} from './health-memory.ts'
import { readBackends } from './read-backends.ts'

/** A backend to add. */
export interface NewBackend extends BackendRecord {
  readonly weight: number
}

/**
 * Changes of the backend set, by one thread only. Workers apply them at their next request, when they see
 * the new generation (see backend-set.ts). Requests in flight continue.
 *
 * @throws ChangeError when the backend does not exist, or the current set does not allow the change;
 * UsageError when an address or a weight is invalid
 */
export interface BackendChanges {
  setWeight(id: string, weight: number): void
  /** Stops new requests to a backend. */
  drain(id: string): void
  undrain(id: string): void
  /** Adds a backend in a free row, and returns the row. */
  add(backend: NewBackend): number
  /** Removes a backend. Its row is free again when nothing is in flight to it. */
  remove(id: string): void
}

/** Options of the changes. */
export interface BackendChangesOptions {
  /** Seconds of the shared clock. */
  readonly now: () => number
  readonly validate: ValidateBackends
}

/** Changes of the backends of `health`. */
export function backendChanges(
  health: Health,
  { now, validate }: BackendChangesOptions,
): BackendChanges {
  const { columns } = health

  function rowOf(id: string): number {
    const row = readBackends(columns).backends.findIndex((backend) => backend?.id === id)
    if (row >= 0) return row
    throw new ChangeError('unknown', `there is no backend "${id}"`, 'GET /backends lists them')
  }

  /** Validates the set as it would be with backend `id` of this weight in `row`. */
  function validateWith(row: number, id: string, weight: number): void {
    const { backends } = readBackends(columns)
    validate(
      backends.map((backend, other) => (other === row ? id : (backend?.id ?? ''))),
      backends.map((backend, other) => {
        if (other === row) return weight
        return backend === undefined ? 0 : (columns.weight[other] as number)
      }),
    )
  }

  const set = (column: 'weight' | 'drained', row: number, value: number) =>
    health.change(now(), () => {
      columns[column][row] = value
    })

  return {
    setWeight(id, weight) {
      const row = rowOf(id)
      validateWith(row, id, weight)
      set('weight', row, weight)
    },
    drain: (id) => set('drained', rowOf(id), 1),
    undrain: (id) => set('drained', rowOf(id), 0),
    remove(id) {
      const row = rowOf(id)
      // The row must become ineligible before workers learn that it has no backend.
      set('drained', row, 1)
      health.change(now(), () => {
        columns.membership[row] = membership.leaving
        Atomics.add(columns.common, cell.generation, 1)
      })
    },
    add(backend) {
      const { id } = checked(backend, columns)
      const row = freeRow(health)
      validateWith(row, id, backend.weight)
      health.change(now(), () => {
        writeBackend(health, row, backend)
        // With active checks it must pass one before it gets requests.
        columns.down[row] = health.settings.active === undefined ? 0 : 1
      })
      return row
    },
  }
}

function checked(backend: NewBackend, columns: HealthColumns) {
  const { url } = backend
  const address = backendAddress(url, 'url')
  if (Buffer.byteLength(recordOf(backend)) > maxRecordBytes) {
    throw new UsageError(
      `url: "${url.slice(0, 40)}…" is longer than ${maxRecordBytes} bytes`,
      'use a shorter host name',
    )
  }
  if (readBackends(columns).backends.some((backend) => backend?.id === address.id)) {
    throw new ChangeError(
      'conflict',
      `${address.id} is already a backend`,
      'to send it more requests, raise its weight',
    )
  }
  return address
}

/** A row without a backend, or one whose backend was removed and has nothing in flight. */
function freeRow({ columns, inFlight }: Health): number {
  for (let row = 0; row < columns.rows; row++) {
    const state = columns.membership[row]
    if (state === membership.none) return row
    if (state === membership.leaving && Atomics.load(inFlight, row) === 0) return row
  }
  throw new ChangeError(
    'conflict',
    `no room for another backend: all ${columns.rows} rows are in use`,
    'remove a backend first, or restart the balancer with the new set',
  )
}

/** Writes a backend without any history in `row`. */
export function writeBackend(
  { columns, settings: { zone } }: Pick<Health, 'columns' | 'settings'>,
  row: number,
  backend: NewBackend,
): void {
  columns.membership[row] = membership.none
  writeRecord(columns, row, recordOf(backend))
  columns.weight[row] = backend.weight
  columns.backup[row] = backend.backup === true ? 1 : 0
  columns.sameZone[row] = backend.zone === zone?.name ? 1 : 0
  for (const column of [
    'drained',
    'down',
    'failures',
    'suspected',
    'ejected',
    'backOff',
    'ejections',
    'latestReason',
    'reportedReason',
    'reportedSecond',
  ] as const) {
    columns[column][row] = 0
  }
  columns.healthy[row] = 0
  columns.ejectedUntil[row] = 0
  columns.returnedAt[row] = 0
  columns.failedAt[row] = 0
  columns.slowStartFrom[row] = -1
  columns.sliceOpen[row] = 1
  Atomics.store(columns.membership, row, membership.member)
}
