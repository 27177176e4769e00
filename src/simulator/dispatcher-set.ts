import type { BackendTable, Choice, Picker } from '../algorithms/algorithm.ts'
import { settingsOf } from '../algorithms/parts/settings-of.ts'
import { allocate, view } from '../algorithms/parts/table.ts'
import { seededInBlocks } from '../kit/random.ts'
import type { SimulatedAlgorithm, World } from './options.ts'

/**
 * A balancer: its table with the requests in flight as it sees them, and the methods of its picker. Pickers differ in their shapes, so
 * that a method would be looked up by its name each time.
 */
interface Dispatcher {
  readonly table: BackendTable
  readonly pick: Picker['pick']
  readonly changed: Picker['changed']
  readonly recordLatency: Picker['recordLatency']
}

/**
 * The balancers, each with the real algorithm. With counts that are always current they share memory, as the workers of one
 * balancer do; otherwise each has its own, which `refresh` brings up to date. A picker that no other one shares memory with is told
 * of every change, so that it may keep an index.
 */
export class DispatcherSet {
  readonly #all: readonly Dispatcher[]
  readonly #isShared: boolean
  readonly #inFlight: Int32Array
  readonly #isEligible: Uint8Array
  #eligible: number
  readonly #choice: { key: string; now: number; tried: ReadonlySet<number> | undefined } & Choice =
    { key: '', now: 0, tried: undefined }

  constructor(
    { backends, dispatchers = { count: 1, refresh: 0 } }: World,
    { algorithm, settings }: SimulatedAlgorithm,
    seed: number,
  ) {
    const { count, refresh } = dispatchers
    this.#isShared = refresh === 0 || count === 1
    this.#inFlight = new Int32Array(backends.length)
    const told = this.#isShared && count > 1 ? 'nothing' : 'everything'
    this.#isEligible = new Uint8Array(backends.length).fill(1)
    this.#eligible = backends.length
    const ids = backends.map((_, row) => backendName(row))
    const allSettings = settingsOf(algorithm, settings)
    const shared = allocate(backends.length, algorithm)
    this.#all = Array.from({ length: count }, (_, i) => {
      const memory = this.#isShared ? shared : allocate(backends.length, algorithm)
      const own = view(memory, ids)
      own.table.weight.set(backends.map(({ weight }) => weight))
      own.table.eligible.fill(1)
      const random = seededInBlocks(seed + i * 7919)
      const { pick, changed, recordLatency } = algorithm.picker(own.table, {
        ...{ random, shared: own.shared, settings: allSettings, told },
      })
      return { table: own.table, pick, changed, recordLatency }
    })
  }

  /** Number of backends. */
  get backends(): number {
    return this.#isEligible.length
  }

  /** Whether no other backend is eligible. */
  isLast(row: number): boolean {
    return this.#eligible === (this.#isEligible[row] as number)
  }

  /** Picks a backend and counts the request; −1 if none may be picked. */
  send(dispatcher: number, key: string, now: number, tried?: ReadonlySet<number>): number {
    const { pick, changed, table } = this.#all[dispatcher] as Dispatcher
    const choice = this.#choice
    choice.key = key
    choice.now = now
    choice.tried = tried
    const row = pick(choice)
    if (row === -1) return -1
    table.inFlight[row] = (table.inFlight[row] as number) + 1
    changed?.(row)
    if (!this.#isShared) this.#inFlight[row] = (this.#inFlight[row] as number) + 1
    return row
  }

  /** A response from `row` came `seconds` after its request was sent. */
  responded(dispatcher: number, row: number, seconds: number, now: number): void {
    const { recordLatency } = this.#all[dispatcher] as Dispatcher
    recordLatency?.(row, seconds, now)
  }

  /** The request to `row` has ended. */
  ended(dispatcher: number, row: number): void {
    const { table, changed } = this.#all[dispatcher] as Dispatcher
    table.inFlight[row] = (table.inFlight[row] as number) - 1
    changed?.(row)
    if (!this.#isShared) this.#inFlight[row] = (this.#inFlight[row] as number) - 1
  }

  /** Each balancer learns how many requests are in flight from all. */
  refresh(): void {
    if (this.#isShared) return
    for (const dispatcher of this.#all) this.#bringUpToDate(dispatcher)
  }

  #bringUpToDate({ table, changed }: Dispatcher): void {
    if (changed === undefined) {
      table.inFlight.set(this.#inFlight)
      return
    }
    this.#inFlight.forEach((count, row) => {
      if (table.inFlight[row] === count) return
      table.inFlight[row] = count
      changed(row)
    })
  }

  setEligible(row: number, eligible: boolean): void {
    const value = eligible ? 1 : 0
    this.#eligible += value - (this.#isEligible[row] as number)
    this.#isEligible[row] = value
    for (const { table, changed } of this.#all) {
      table.eligible[row] = value
      changed?.(row)
    }
  }
}

/** The name of a backend, from which hash algorithms place it: as real ones, an address and a port. */
function backendName(row: number): string {
  return `10.${row >> 16}.${(row >> 8) & 255}.${row & 255}:80`
}
