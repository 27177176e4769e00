/**
 * FNV-1a with 32 bits, as a whole number ≥ 0. Quick and good enough to choose a shard; on short keys
 * that are alike its high bits hardly differ, so what compares hashes by size must finish it with
 * `fmix32` first.
 *
 * Fowler, Noll, Vo; RFC 9923.
 */
export function fnv1a(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return hash >>> 0
}
