import { type Attempts, place } from './attempts.ts'
import { eventOf } from './event-kinds.ts'
import type { SimulatedBackend } from './options.ts'
import type { Entry, Servers } from './servers.ts'
import type { Timeline } from './timeline.ts'

const { departure } = eventOf
const { waiting, inService, held, gone } = place

/** The record of a backend has a double, the factor of the service times that begin, and integers: their words of 32 bits. */
const recordWords = 8
const word = { busy: 2, servers: 3, waiting: 4, room: 5, head: 6, tail: 7 } as const
const recordDoubles = recordWords / 2

/** More than any number of attempts. */
const noLimit = 0x7fffffff

/**
 * Backends whose servers take one request each, from one queue for each backend, first come first served. A backend is one record in
 * typed memory, as an attempt is.
 */
export class QueueingServers implements Servers {
  longestQueue = 0
  readonly #ints: Int32Array<ArrayBuffer>
  readonly #slowness: Float64Array
  readonly #attempts: Attempts
  readonly #timeline: Timeline

  constructor(backends: readonly SimulatedBackend[], attempts: Attempts, timeline: Timeline) {
    this.#ints = new Int32Array(backends.length * recordWords)
    this.#slowness = new Float64Array(this.#ints.buffer)
    backends.forEach(({ servers, queue = noLimit }, row) => {
      const record = row * recordWords
      this.#ints[record + word.servers] = Math.min(servers || noLimit, noLimit)
      this.#ints[record + word.room] = Math.min(queue, noLimit)
      this.#ints[record + word.head] = -1
      this.#ints[record + word.tail] = -1
      this.setSlowness(row, 1)
    })
    this.#attempts = attempts
    this.#timeline = timeline
  }

  enter(slot: number, row: number): Entry {
    const ints = this.#ints
    const record = row * recordWords
    if ((ints[record + word.busy] as number) < (ints[record + word.servers] as number)) {
      this.#begin(slot, row)
      return 'entered'
    }
    const length = ints[record + word.waiting] as number
    if (length >= (ints[record + word.room] as number)) return 'full'
    ints[record + word.waiting] = length + 1
    if (length >= this.longestQueue) this.longestQueue = length + 1
    this.#append(slot, row)
    return 'entered'
  }

  complete(slot: number): number {
    const attempts = this.#attempts
    // It was given up while it was served: its server was freed then.
    if (attempts.where(slot) === gone) {
      attempts.free(slot)
      return -1
    }
    attempts.setWhere(slot, held)
    this.#freed(attempts.row(slot))
    return slot
  }

  abandon(slot: number, row: number): void {
    const attempts = this.#attempts
    if (attempts.where(slot) === waiting) {
      this.#unlink(slot, row)
      attempts.free(slot)
      return
    }
    attempts.setWhere(slot, gone)
    this.#freed(row)
  }

  setSlowness(row: number, factor: number): void {
    this.#slowness[row * recordDoubles] = factor
  }

  /** A server has become free: the next in the queue begins. */
  #freed(row: number): void {
    const ints = this.#ints
    const record = row * recordWords
    ints[record + word.busy] = (ints[record + word.busy] as number) - 1
    const next = ints[record + word.head] as number
    if (next === -1) return
    this.#unlink(next, row)
    this.#begin(next, row)
  }

  #begin(slot: number, row: number): void {
    const ints = this.#ints
    const busy = row * recordWords + word.busy
    ints[busy] = (ints[busy] as number) + 1
    this.#attempts.setWhere(slot, inService)
    const factor = this.#slowness[row * recordDoubles] as number
    const seconds = this.#attempts.work(slot) * factor
    this.#timeline.events.add(this.#timeline.now + seconds, departure(slot))
  }

  #append(slot: number, row: number): void {
    const ints = this.#ints
    const attempts = this.#attempts
    const record = row * recordWords
    const last = ints[record + word.tail] as number
    attempts.setWhere(slot, waiting)
    attempts.setBefore(slot, last)
    attempts.setBehind(slot, -1)
    if (last === -1) ints[record + word.head] = slot
    else attempts.setBehind(last, slot)
    ints[record + word.tail] = slot
  }

  #unlink(slot: number, row: number): void {
    const ints = this.#ints
    const attempts = this.#attempts
    const record = row * recordWords
    const ahead = attempts.before(slot)
    const next = attempts.behind(slot)
    if (ahead === -1) ints[record + word.head] = next
    else attempts.setBehind(ahead, next)
    if (next === -1) ints[record + word.tail] = ahead
    else attempts.setBefore(next, ahead)
    ints[record + word.waiting] = (ints[record + word.waiting] as number) - 1
  }
}
