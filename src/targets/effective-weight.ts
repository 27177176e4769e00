import { findAlgorithm } from '../algorithms/find-algorithm.ts'
import type { BackendAddress } from './target.ts'

/**
 * The weight that another program must be told, for an algorithm to be there what it is here: many give
 * weights to every algorithm. 0 means no traffic with all of them.
 */
export function effectiveWeight(algorithm: string, { weight }: BackendAddress): number {
  return findAlgorithm(algorithm).sees.includes('weight') ? weight : Math.min(weight, 1)
}
