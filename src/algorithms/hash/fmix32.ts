/**
 * Stirs 32 bits until each depends on all: the finaliser of MurmurHash3, a bijection. Takes any
 * 32-bit number and gives one with its sign.
 *
 * Appleby, MurmurHash3, 2011.
 */
export function fmix32(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
