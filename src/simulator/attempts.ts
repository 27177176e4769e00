/** Where an attempt is. */
export const place = { waiting: 0, inService: 1, held: 2, gone: 3 } as const

const firstCapacity = 1024

/**
 * Attempts in flight, as columns of typed arrays: a slot is an attempt until it is given back. They hang in two lists by their
 * slots: that of all attempts in order of age, whose first is the next to time out, and the queue of their backend.
 */
export class Attempts {
  request = new Int32Array(firstCapacity)
  row = new Int32Array(firstCapacity)
  dispatcher = new Int32Array(firstCapacity)
  sentAt = new Float64Array(firstCapacity)
  /** Service time in seconds, before faults and caches. */
  work = new Float64Array(firstCapacity)
  where = new Uint8Array(firstCapacity)
  isFurther = new Uint8Array(firstCapacity)
  /** Neighbours by age; `younger` also links free slots. */
  younger = new Int32Array(firstCapacity)
  older = new Int32Array(firstCapacity)
  /** Neighbours in the queue of the backend. */
  behind = new Int32Array(firstCapacity)
  before = new Int32Array(firstCapacity)
  oldest = -1
  youngest = -1
  #free = -1
  #used = 0

  /** A slot for a new attempt, the youngest. */
  take(): number {
    let slot = this.#free
    if (slot === -1) {
      if (this.#used === this.row.length) this.#grow()
      slot = this.#used++
    } else this.#free = this.younger[slot] as number
    this.younger[slot] = -1
    this.older[slot] = this.youngest
    if (this.youngest === -1) this.oldest = slot
    else this.younger[this.youngest] = slot
    this.youngest = slot
    return slot
  }

  /** Takes an attempt that has ended out of the list by age. */
  end(slot: number): void {
    const older = this.older[slot] as number
    const younger = this.younger[slot] as number
    if (older === -1) this.oldest = younger
    else this.younger[older] = younger
    if (younger === -1) this.youngest = older
    else this.older[younger] = older
  }

  /** Gives a slot back whose attempt has ended. */
  free(slot: number): void {
    this.younger[slot] = this.#free
    this.#free = slot
  }

  #grow(): void {
    const length = 2 * this.row.length
    const ints = (column: Int32Array<ArrayBuffer>) => grown(new Int32Array(length), column)
    this.request = ints(this.request)
    this.row = ints(this.row)
    this.dispatcher = ints(this.dispatcher)
    this.younger = ints(this.younger)
    this.older = ints(this.older)
    this.behind = ints(this.behind)
    this.before = ints(this.before)
    this.sentAt = grown(new Float64Array(length), this.sentAt)
    this.work = grown(new Float64Array(length), this.work)
    this.where = grown(new Uint8Array(length), this.where)
    this.isFurther = grown(new Uint8Array(length), this.isFurther)
  }
}

/** `larger` with the values of `column` at its start. */
export function grown<Column extends Int32Array | Float64Array | Uint8Array>(
  larger: Column,
  column: Column,
): Column {
  larger.set(column)
  return larger
}
