/** Where an attempt is. */
export const place = { waiting: 0, inService: 1, held: 2, gone: 3 } as const

const firstCapacity = 1024

/**
 * Words of 32 bits of a record: from 0 `sentAt`, from 2 `work` (doubles), 4 request, 5 row, 6 dispatcher, 7 where, 8 further, 9 behind,
 * 10 before, 11 unused. The methods have these numbers as they are: functions of so little code are always inlined.
 */
const recordWords = 12

/**
 * Attempts in flight: a slot is an attempt until it is given back. Each is one record in typed memory, so that an event touches one
 * or two lines of the cache, where a column for each field would be a line for each.
 *
 * Attempts hang in two lists by their slots: that of all attempts in order of age, whose first is the next to time out, and the queue
 * of their backend. The neighbours by age are in memory of their own: an attempt that ends changes those of two others.
 */
export class Attempts {
  #ints = new Int32Array(firstCapacity * recordWords)
  #doubles = new Float64Array(this.#ints.buffer)
  /** The next younger and the next older attempt of each; the younger also links free slots. */
  #neighbours = new Int32Array(2 * firstCapacity)
  #oldest = -1
  #youngest = -1
  #free = -1
  #used = 0

  /** A slot for a new attempt, the youngest, which is nowhere yet. */
  take(request: number, row: number, dispatcher: number): number {
    let slot = this.#free
    if (slot === -1) {
      if (2 * this.#used === this.#neighbours.length) this.#grow()
      slot = this.#used++
    } else this.#free = this.#neighbours[2 * slot] as number
    const ints = this.#ints
    const record = 12 * slot
    ints[record + 4] = request
    ints[record + 5] = row
    ints[record + 6] = dispatcher
    ints[record + 7] = place.held
    this.#append(slot)
    return slot
  }

  /** Takes an attempt that has ended out of the list by age. */
  end(slot: number): void {
    const neighbours = this.#neighbours
    const younger = neighbours[2 * slot] as number
    const older = neighbours[2 * slot + 1] as number
    if (older === -1) this.#oldest = younger
    else neighbours[2 * older] = younger
    if (younger === -1) this.#youngest = older
    else neighbours[2 * younger + 1] = older
  }

  /** Gives a slot back whose attempt has ended. */
  free(slot: number): void {
    this.#neighbours[2 * slot] = this.#free
    this.#free = slot
  }

  /** Slot of the oldest attempt; −1 if there is none. */
  get oldest(): number {
    return this.#oldest
  }

  /** When the oldest attempt was sent; infinity if there is none. */
  get oldestSentAt(): number {
    return this.#oldest === -1 ? Number.POSITIVE_INFINITY : this.sentAt(this.#oldest)
  }

  /** Slots of the attempts at a backend, the oldest first. */
  at(row: number): number[] {
    const found: number[] = []
    let slot = this.#oldest
    for (; slot !== -1; slot = this.#neighbours[2 * slot] as number) {
      if (this.row(slot) === row) found.push(slot)
    }
    return found
  }

  request(slot: number): number {
    return this.#ints[12 * slot + 4] as number
  }

  row(slot: number): number {
    return this.#ints[12 * slot + 5] as number
  }

  dispatcher(slot: number): number {
    return this.#ints[12 * slot + 6] as number
  }

  where(slot: number): number {
    return this.#ints[12 * slot + 7] as number
  }

  setWhere(slot: number, where: number): void {
    this.#ints[12 * slot + 7] = where
  }

  /** 1 for an attempt after the first of its request, otherwise 0. */
  further(slot: number): number {
    return this.#ints[12 * slot + 8] as number
  }

  setFurther(slot: number, further: number): void {
    this.#ints[12 * slot + 8] = further
  }

  /** The attempt behind this one in the queue of the backend; −1 if there is none. */
  behind(slot: number): number {
    return this.#ints[12 * slot + 9] as number
  }

  setBehind(slot: number, behind: number): void {
    this.#ints[12 * slot + 9] = behind
  }

  /** The attempt before this one in the queue of the backend; −1 if there is none. */
  before(slot: number): number {
    return this.#ints[12 * slot + 10] as number
  }

  setBefore(slot: number, before: number): void {
    this.#ints[12 * slot + 10] = before
  }

  sentAt(slot: number): number {
    return this.#doubles[6 * slot] as number
  }

  setSentAt(slot: number, seconds: number): void {
    this.#doubles[6 * slot] = seconds
  }

  /** Service time in seconds, before faults. */
  work(slot: number): number {
    return this.#doubles[6 * slot + 1] as number
  }

  setWork(slot: number, seconds: number): void {
    this.#doubles[6 * slot + 1] = seconds
  }

  #append(slot: number): void {
    const neighbours = this.#neighbours
    const older = this.#youngest
    neighbours[2 * slot] = -1
    neighbours[2 * slot + 1] = older
    if (older === -1) this.#oldest = slot
    else neighbours[2 * older] = slot
    this.#youngest = slot
  }

  #grow(): void {
    this.#ints = doubled(this.#ints)
    this.#doubles = new Float64Array(this.#ints.buffer)
    this.#neighbours = doubled(this.#neighbours)
  }
}

/** The integers, with room for as many again. */
export function doubled(ints: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * ints.length)
  larger.set(ints)
  return larger
}
