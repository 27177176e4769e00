/** Minimum share of its traffic that a returning backend gets. */
const minShare = 0.1

/**
 * The share of its full traffic that a backend gets `elapsed` seconds into a slow start of `window`
 * seconds. Envoy's definition with aggression 1: max(10 %, max(t, 1 s) / window).
 *
 * As with HAProxy's `slowstart`, it begins when a backend returns after it was out for any reason, and
 * never when the balancer starts. Both scale the weight, which has no effect under algorithms that ignore
 * weights, and moves the keys of other backends on a hash ring. Here it is a share of time: the row is
 * eligible in this share of many short slices. So it works with every algorithm,
 * weighted or not; in the other slices, keys that hash to the row go where they went while it was down.
 */
export function slowStartShare(elapsed: number, window: number): number {
  return Math.min(1, Math.max(minShare, Math.max(elapsed, 1) / window))
}
