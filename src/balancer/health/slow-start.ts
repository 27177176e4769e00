/** The least share of its traffic that a returning backend gets, so that it gets any at all. */
const least = 0.1

/**
 * The share of its full traffic that a backend gets `elapsed` seconds into a slow start of `window`
 * seconds. Envoy's definition with aggression 1: max(10 %, max(t, 1 s) / window).
 *
 * As with HAProxy's `slowstart`, it begins when a backend returns after it was out for any reason,
 * and never when the balancer starts. Both scale the weight, which does nothing under algorithms
 * that ignore weights, and would move the keys of others on a hash ring. Ours is a share of time
 * instead: the row can be picked in this share of many short slices (see gates.ts). So it acts alike
 * under all algorithms, weighted or not; keys that hash to the row go where they went while it was
 * down in the slices between.
 */
export function slowStartShare(elapsed: number, window: number): number {
  return Math.min(1, Math.max(least, Math.max(elapsed, 1) / window))
}
