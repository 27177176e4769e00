/** Distance of the seed of a target from that of its trial. */
const step = 0x2545f491

/**
 * The seed of the target in a trial. The driver draws arrivals with the seed of the trial, and the backends service times with those behind
 * it. A target that drew its picks with the same numbers would send the requests after short gaps to one backend, and those after long
 * gaps to another: each would get bursts, and none a Poisson process.
 */
export function targetSeed(seed: number): number {
  return (seed + step) & 0x7fffffff
}
