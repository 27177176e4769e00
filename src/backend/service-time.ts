import type { Random } from '../kit/random.ts'
import type { ServiceTime } from '../plan/plan.ts'

/** Draws service times in seconds from the distribution `time`. */
export function serviceTimes(time: ServiceTime, random: Random): () => number {
  switch (time.kind) {
    case 'none':
      return () => 0
    case 'fixed':
      return () => time.seconds
    case 'exponential':
      // 1 − u is in (0, 1], so its logarithm is finite.
      return () => -time.mean * Math.log(1 - random())
    case 'lognormal':
      return () => time.median * Math.exp(time.sigma * standardNormal(random))
  }
}

/** A draw from the standard normal distribution. Box and Muller, Ann. Math. Stat. 29(2), 1958. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
