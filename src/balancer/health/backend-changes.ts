import { UsageError } from '../../kit/errors.ts'
import { backendAddress } from '../config/backend-address.ts'
import { ChangeError } from './change-error.ts'
import type { Health } from './health.ts'
import { cell, type HealthColumns, maxUrlBytes, membership, writeUrl } from './health-memory.ts'
import { readBackends } from './read-backends.ts'
import type { ValidateBackends } from './validate-backends.ts'

/** A backend that is to join. */
export interface NewBackend {
  readonly url: string
  readonly weight: number
}

/**
 * Changes to the set of backends, for one thread only. Workers see them at their next request, by the
 * generation (see roster.ts). Requests in flight are left alone.
 *
 * @throws ChangeError where there is no such backend, or something stands against the change;
 * UsageError where an address or a weight cannot be used.
 */
export interface BackendChanges {
  setWeight(id: string, weight: number): void
  /** No new requests. */
  drain(id: string): void
  undrain(id: string): void
  /** Gives the backend a row that is free, and returns it. */
  add(backend: NewBackend): number
  /** Takes a backend out. Its row is free again once nothing is in flight there. */
  remove(id: string): void
}

/** What changes are made with. */
export interface BackendChangesOptions {
  readonly now: () => number
  readonly validate: ValidateBackends
}

/** Puts the configured backends into the first rows, all of them healthy: at the start, once. */
export function addInitialBackends(
  health: Health,
  backends: readonly NewBackend[],
  now: number,
): void {
  health.change(now, (columns) => {
    for (const [row, backend] of backends.entries()) {
      enter(columns, row, backend)
      columns.healthy[row] = 1
    }
  })
}

/** Changes to the set of backends of `health`. */
export function backendChanges(
  health: Health,
  { now, validate }: BackendChangesOptions,
): BackendChanges {
  const { columns } = health

  function rowOf(id: string): number {
    const row = readBackends(columns).backends.findIndex((member) => member?.id === id)
    if (row >= 0) return row
    throw new ChangeError('unknown', `there is no backend "${id}"`, 'GET /backends lists them')
  }

  /** Has the algorithm try the set as it would be with `id` and `weight` in `row`. */
  function tryOut(row: number, id: string, weight: number): void {
    const all = readBackends(columns).backends
    const ids = all.map((member, other) => (other === row ? id : (member?.id ?? '')))
    validate(
      ids,
      all.map((member, other) => {
        if (other === row) return weight
        return member === undefined ? 0 : (columns.weight[other] as number)
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
      tryOut(row, id, weight)
      set('weight', row, weight)
    },
    drain: (id) => set('drained', rowOf(id), 1),
    undrain: (id) => set('drained', rowOf(id), 0),
    remove(id) {
      const row = rowOf(id)
      // First nobody may pick it, and only then nobody knows it.
      set('drained', row, 1)
      health.change(now(), () => {
        columns.membership[row] = membership.leaving
        Atomics.add(columns.common, cell.generation, 1)
      })
    },
    add(backend) {
      const { id } = checked(backend, columns)
      const row = freeRow(health)
      tryOut(row, id, backend.weight)
      health.change(now(), () => {
        enter(columns, row, backend)
        // With checks of our own it has to pass one first.
        columns.down[row] = health.settings.active === undefined ? 0 : 1
      })
      return row
    },
  }
}

function checked({ url }: NewBackend, columns: HealthColumns) {
  const address = backendAddress(url, 'url')
  if (Buffer.byteLength(url) > maxUrlBytes) {
    throw new UsageError(`the address "${url.slice(0, 40)}…" is too long`, 'use a shorter name')
  }
  if (readBackends(columns).backends.some((member) => member?.id === address.id)) {
    throw new ChangeError(
      'conflict',
      `${address.id} is a backend already`,
      'give it another weight to send it more',
    )
  }
  return address
}

/** A row without a backend, or one whose backend left and has nothing in flight any more. */
function freeRow({ columns, inFlight }: Health): number {
  for (let row = 0; row < columns.rows; row++) {
    const there = columns.membership[row]
    if (there === membership.none) return row
    if (there === membership.leaving && Atomics.load(inFlight, row) === 0) return row
  }
  throw new ChangeError(
    'conflict',
    `there is no room for another backend: all ${columns.rows} places are taken`,
    'remove one first, or start the balancer with more room',
  )
}

function enter(columns: HealthColumns, row: number, { url, weight }: NewBackend): void {
  columns.membership[row] = membership.none
  writeUrl(columns, row, url)
  columns.weight[row] = weight
  for (const column of [
    'drained',
    'down',
    'failures',
    'ejected',
    'backOff',
    'ejections',
  ] as const) {
    columns[column][row] = 0
  }
  columns.healthy[row] = 0
  columns.ejectedUntil[row] = 0
  columns.returnedAt[row] = 0
  columns.slowStartFrom[row] = -1
  columns.sliceOpen[row] = 1
  Atomics.store(columns.membership, row, membership.member)
}
