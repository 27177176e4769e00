import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import { poisson, queue, simulate } from './queue-simulation.ts'

/** The period, in seconds, in which the first of four backends is ten times slower. */
export const slowPeriod = { from: 5, to: 7 }

/**
 * The fraction of the requests arriving in `from` … `to` that go to a backend that is ten times slower
 * for two seconds; three others are not. Each serves 100 per second, 200 arrive per second; averages decay in 1 s.
 */
export function shareOfSlowBackend(algorithm: Algorithm, from: number, to: number): number {
  const slow = (now: number) => (now >= slowPeriod.from && now < slowPeriod.to ? 10 : 1)
  const servers = [queue(100, slow), queue(100), queue(100), queue(100)]
  let all = 0
  let its = 0
  for (let seed = 1; seed <= 10; seed++) {
    const world = { servers, gap: poisson(200), requests: 200 * to, seed, settings: { decay: 1 } }
    simulate(algorithm, world, (row, at) => {
      if (at < from || at >= to) return
      all++
      if (row === 0) its++
    })
  }
  return its / all
}
