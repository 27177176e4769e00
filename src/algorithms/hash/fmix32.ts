/**
 * Mixes 32 bits so that each output bit depends on all input bits: the finaliser of MurmurHash3, a bijection.
 * Takes any 32-bit number and returns a signed one.
 *
 * Appleby, MurmurHash3, 2011.
 */
export function fmix32(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
