import { exp, log } from '../kit/portable-math.ts'
import type { Random } from '../kit/random.ts'
import { clientKey } from './arrival-stream.ts'
import type { Keys } from './options.ts'

/** Draws keys: client k of `count` in proportion to k^−skew (Zipf), from a table of the running sums. */
export function keyStream({ count, skew }: Keys, random: Random): () => string {
  const keys = Array.from({ length: count }, (_, number) => clientKey(number))
  if (skew === 0) return () => keys[Math.floor(random() * count)] as string
  const sums = new Float64Array(count)
  let total = 0
  for (let i = 0; i < count; i++) {
    total += exp(-skew * log(i + 1))
    sums[i] = total
  }
  return () => keys[indexAbove(sums, random() * total)] as string
}

/** Index of the first sum above `value`. */
function indexAbove(sums: Float64Array, value: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return low
}
