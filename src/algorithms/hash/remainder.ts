import type { Hash64 } from './xxhash64.ts'

/** The last hash, as an unsigned 64-bit integer, modulo `divisor`; exact for divisors up to 2²⁶. */
export function remainder({ high, low }: Hash64, divisor: number): number {
  const upper = rest(high >>> 0, divisor) * rest(0x100000000, divisor)
  return rest(upper + (low >>> 0), divisor)
}

/** `value % divisor` of integers below 2⁵³: `%` of doubles is a call out of compiled code, which takes several times as long. */
function rest(value: number, divisor: number): number {
  // The quotient is rounded, so that it may be one too high.
  const left = value - Math.floor(value / divisor) * divisor
  return left < 0 ? left + divisor : left
}
