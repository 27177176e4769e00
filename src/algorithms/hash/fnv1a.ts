/**
 * FNV-1a with 32 bits, as an integer ≥ 0. Fast, and sufficient to choose a shard. The high bits of short similar
 * keys hardly differ, so code that compares hashes by size must apply `fmix32` first.
 *
 * Fowler, Noll, Vo; RFC 9923.
 */
export function fnv1a(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  return hash >>> 0
}
