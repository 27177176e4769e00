import type { Random } from '../kit/random.ts'
import { type ArrivalStream, arrivalStream } from './arrival-stream.ts'
import { keyStream } from './key-stream.ts'
import type { World } from './options.ts'
import type { Requests } from './requests.ts'

/** The random numbers that requests are made of, one generator for each. */
interface RequestDice {
  readonly arrivals: Random
  readonly work: Random
  readonly keys: Random
  readonly dispatchers: Random
}

/** Requests that are made at once: in a loop of its own, the code of the generators is fast. */
const blockSize = 256

/**
 * Makes the requests. Arrivals, keys and work come from streams of their own, which no algorithm touches: all algorithms meet the
 * same requests (common random numbers), and so they can be made in blocks before their time.
 */
export class RequestSource {
  readonly #arrivals: ArrivalStream
  readonly #dice: RequestDice
  readonly #nextKey: (() => string) | undefined
  readonly #dispatchers: number
  readonly #count: number
  /** The block; the time behind its last request is infinity. */
  readonly #times = new Float64Array(blockSize + 1)
  readonly #first = new Float64Array(blockSize)
  readonly #second = new Float64Array(blockSize)
  readonly #dispatcher = new Int32Array(blockSize)
  readonly #keys = Array<string>(blockSize).fill('')
  /** Where the next request is in the block, and how many requests came before the block. */
  #at = 0
  #before = 0

  constructor({ arrivals, keys, dispatchers, requests }: World, dice: RequestDice) {
    this.#arrivals = arrivalStream(arrivals, dice.arrivals)
    this.#dice = dice
    this.#nextKey = keys && keyStream(keys, dice.keys)
    this.#dispatchers = dispatchers?.count ?? 1
    this.#count = requests
    this.#fill()
  }

  /** Whether a request is still to come. */
  get hasMore(): boolean {
    return this.#before + this.#at < this.#count
  }

  /** Time of the next request; infinity if there is none. */
  get next(): number {
    return this.#times[this.#at] as number
  }

  /** The request whose time is `next`, in a new slot. */
  take(requests: Requests): number {
    const at = this.#at
    const slot = requests.take(
      this.#before + at,
      this.#dispatcher[at] as number,
      this.#keys[at] as string,
    )
    requests.setTimes(
      slot,
      this.#times[at] as number,
      this.#first[at] as number,
      this.#second[at] as number,
    )
    this.#at = at + 1
    if (at + 1 === blockSize) {
      this.#before += blockSize
      this.#fill()
    }
    return slot
  }

  /** The next block, or what is left. */
  #fill(): void {
    const { work, dispatchers } = this.#dice
    const arrivals = this.#arrivals
    const size = Math.min(blockSize, this.#count - this.#before)
    this.#at = 0
    this.#times[size] = Number.POSITIVE_INFINITY
    for (let i = 0; i < size; i++) {
      this.#times[i] = arrivals.next()
      this.#first[i] = work()
      this.#second[i] = work()
      if (this.#dispatchers > 1) this.#dispatcher[i] = Math.floor(dispatchers() * this.#dispatchers)
      const { key } = arrivals
      if (key !== undefined) this.#keys[i] = key
      else if (this.#nextKey !== undefined) this.#keys[i] = this.#nextKey()
    }
  }
}
