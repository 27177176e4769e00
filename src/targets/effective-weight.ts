import { findAlgorithm } from '../algorithms/find-algorithm.ts'
import type { BackendAddress } from './target.ts'

/**
 * The weight to configure in another program, so that the algorithm is the same as in lb: many programs apply weights to
 * every algorithm. 0 means no traffic in all of them.
 */
export function effectiveWeight(algorithm: string, { weight }: BackendAddress): number {
  return findAlgorithm(algorithm).inputs.includes('weight') ? weight : Math.min(weight, 1)
}
