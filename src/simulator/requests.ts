import { doubled } from './attempts.ts'

const firstCapacity = 1024

/**
 * Words of 32 bits of a record: from 0 `arrivedAt`, from 2 `first`, from 4 `second` (doubles), 6 index, 7 dispatcher, 8 tries, 9 one,
 * 10 other, 11 references, 12 whether it is over, 13 the next free slot. See Attempts.
 */
const recordWords = 14

/** Requests that are not over, each one record in typed memory: see Attempts. */
export class Requests {
  #ints = new Int32Array(firstCapacity * recordWords)
  #doubles = new Float64Array(this.#ints.buffer)
  readonly #keys: string[] = []
  #free = -1

  /** A slot for a new request, which nothing was sent for. */
  take(index: number, dispatcher: number, key: string): number {
    const slot = this.#free === -1 ? this.#more() : this.#free
    const ints = this.#ints
    const record = 14 * slot
    this.#free = ints[record + 13] as number
    ints[record + 6] = index
    ints[record + 7] = dispatcher
    ints[record + 8] = 0
    ints[record + 9] = -1
    ints[record + 10] = -1
    ints[record + 11] = 1
    ints[record + 12] = 0
    this.#keys[slot] = key
    return slot
  }

  setTimes(slot: number, arrivedAt: number, first: number, second: number): void {
    const doubles = this.#doubles
    const record = 7 * slot
    doubles[record] = arrivedAt
    doubles[record + 1] = first
    doubles[record + 2] = second
  }

  /** Number of the request, from 0, in order of arrival. */
  index(slot: number): number {
    return this.#ints[14 * slot + 6] as number
  }

  dispatcher(slot: number): number {
    return this.#ints[14 * slot + 7] as number
  }

  key(slot: number): string {
    return this.#keys[slot] as string
  }

  arrivedAt(slot: number): number {
    return this.#doubles[7 * slot] as number
  }

  /** Two numbers that are uniform over [0, 1): its work. */
  first(slot: number): number {
    return this.#doubles[7 * slot + 1] as number
  }

  second(slot: number): number {
    return this.#doubles[7 * slot + 2] as number
  }

  /** Attempts that were sent. */
  tries(slot: number): number {
    return this.#ints[14 * slot + 8] as number
  }

  /** Slots of its attempts in flight, the first one and a hedge; −1: none. */
  one(slot: number): number {
    return this.#ints[14 * slot + 9] as number
  }

  other(slot: number): number {
    return this.#ints[14 * slot + 10] as number
  }

  isOver(slot: number): boolean {
    return this.#ints[14 * slot + 12] === 1
  }

  /** Another attempt was sent. */
  attach(slot: number, attempt: number): void {
    const ints = this.#ints
    const record = 14 * slot
    ints[record + 8] = (ints[record + 8] as number) + 1
    if (ints[record + 9] === -1) ints[record + 9] = attempt
    else ints[record + 10] = attempt
  }

  /** One of its attempts has ended. */
  detach(slot: number, attempt: number): void {
    const ints = this.#ints
    const record = 14 * slot
    if (ints[record + 9] === attempt) ints[record + 9] = ints[record + 10] as number
    ints[record + 10] = -1
  }

  /** A hedge to come refers to it, besides itself until it is over. */
  refer(slot: number): void {
    this.#count(slot, 1)
  }

  /** Drops a reference; without any, the slot is free again. */
  release(slot: number): void {
    if (this.#count(slot, -1) > 0) return
    this.#ints[14 * slot + 13] = this.#free
    this.#free = slot
  }

  /** It has succeeded or failed. */
  end(slot: number): void {
    this.#ints[14 * slot + 12] = 1
    this.release(slot)
  }

  #count(slot: number, change: number): number {
    const at = 14 * slot + 11
    const references = (this.#ints[at] as number) + change
    this.#ints[at] = references
    return references
  }

  /** A slot that was never used. */
  #more(): number {
    const slot = this.#keys.length
    if (14 * slot === this.#ints.length) {
      this.#ints = doubled(this.#ints)
      this.#doubles = new Float64Array(this.#ints.buffer)
    }
    this.#ints[14 * slot + 13] = -1
    return slot
  }
}
