/** Bits of the mantissa that tell buckets apart: 256 to a doubling, each 0.4 % wide at most. */
const mantissaBits = 8
const perDoubling = 2 ** mantissaBits
/** Exponents of the lowest and the highest times: a nanosecond, and twelve days. */
const [lowest, highest] = [-30, 20]
const offset = (1023 + lowest) * perDoubling
const size = (highest - lowest) * perDoubling

const scratch = new Float64Array(1)
const words = new Uint32Array(scratch.buffer)
/** Which half of a double has the exponent. */
const high = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

/**
 * Counts of times in seconds, in buckets of equal relative width: the first bits of a double are its bucket, so that recording
 * one takes a few nanoseconds, where an HDR histogram takes 60. Zero is in a bucket of its own.
 */
export class TimeHistogram {
  readonly #counts = new Uint32Array(size)
  #zeros = 0
  /** The buckets in use: others need not be read. */
  #from = size
  #to = 0
  #count = 0

  get count(): number {
    return this.#count
  }

  record(seconds: number): void {
    this.#count++
    scratch[0] = seconds
    const bucket = ((words[high] as number) >>> (20 - mantissaBits)) - offset
    if (bucket < 0) this.#zeros++
    else {
      const within = bucket < size ? bucket : size - 1
      this.#counts[within] = (this.#counts[within] as number) + 1
      if (within < this.#from) this.#from = within
      if (within >= this.#to) this.#to = within + 1
    }
  }

  add(other: TimeHistogram): void {
    this.#count += other.#count
    this.#zeros += other.#zeros
    this.#from = Math.min(this.#from, other.#from)
    this.#to = Math.max(this.#to, other.#to)
    for (let i = other.#from; i < other.#to; i++) {
      this.#counts[i] = (this.#counts[i] as number) + (other.#counts[i] as number)
    }
  }

  /** The time in seconds that the fraction `p` (0 … 1) of the times does not exceed, linear within a bucket; 0 if there are none. */
  quantile(p: number): number {
    const rank = p * this.#count
    let below = this.#zeros
    if (this.#count === 0 || rank <= below) return 0
    let last = 0
    for (let i = this.#from; i < this.#to; i++) {
      const here = this.#counts[i] as number
      if (here === 0) continue
      if (below + here >= rank) return lowerEnd(i) + ((rank - below) / here) * widthOf(i)
      below += here
      last = i
    }
    return lowerEnd(last) + widthOf(last)
  }
}

function lowerEnd(bucket: number): number {
  scratch[0] = 0
  words[high] = (bucket + offset) << (20 - mantissaBits)
  return scratch[0]
}

function widthOf(bucket: number): number {
  return lowerEnd(bucket + 1) - lowerEnd(bucket)
}
