import type { Hash64 } from './xxhash64.ts'

/** The last hash, as an unsigned 64-bit integer, modulo `divisor`; exact for divisors up to 2²⁶. */
export function remainder({ high, low }: Hash64, divisor: number): number {
  return (((high >>> 0) % divisor) * (0x100000000 % divisor) + (low >>> 0)) % divisor
}
