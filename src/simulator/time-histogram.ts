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
    }
  }

  add(other: TimeHistogram): void {
    this.#count += other.#count
    this.#zeros += other.#zeros
    for (let i = 0; i < size; i++) {
      this.#counts[i] = (this.#counts[i] as number) + (other.#counts[i] as number)
    }
  }

  /** The time in seconds that the fraction `p` (0 … 1) of the times does not exceed, linear within a bucket; 0 if there are none. */
  quantile(p: number): number {
    const rank = p * this.#count
    let below = this.#zeros
    if (this.#count === 0 || rank <= below) return 0
    let last = 0
    for (let i = 0; i < size; i++) {
      const here = this.#counts[i] as number
      if (here === 0) continue
      if (below + here >= rank) return lowerEnd(i) + ((rank - below) / here) * widthOf(i)
      below += here
      last = i
    }
    return lowerEnd(last) + widthOf(last)
  }

  /** The fraction of the times above `seconds`, by buckets. */
  above(seconds: number): number {
    let count = 0
    for (let i = size - 1; i >= 0; i--) {
      const here = this.#counts[i] as number
      if (here === 0) continue
      const from = lowerEnd(i)
      const share = Math.min(1, Math.max(0, (from + widthOf(i) - seconds) / widthOf(i)))
      if (share === 0) break
      count += here * share
    }
    return this.#count === 0 ? 0 : count / this.#count
  }
}

function lowerEnd(bucket: number): number {
  const exponent = Math.floor(bucket / perDoubling) + lowest
  return 2 ** exponent * (1 + (bucket % perDoubling) / perDoubling)
}

function widthOf(bucket: number): number {
  return 2 ** (Math.floor(bucket / perDoubling) + lowest) / perDoubling
}
