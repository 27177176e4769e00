import { algorithms } from '../../algorithms/index.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Finding } from '../../result/document.ts'
import { balance } from '../../stats/trial/balance.ts'
import { direct } from '../../targets/direct.ts'
import { slowestOf } from './slowest-of.ts'

/**
 * How evenly an arm used the backends: relative to their weights where its algorithm uses weights, otherwise to
 * equal shares, as with targets whose algorithm is unknown. Undefined without a balancer, and where the backends were
 * not counted.
 */
export function balanceOf(
  arm: Arm,
  perBackend: readonly number[],
  { backends, control }: Pick<Plan, 'backends' | 'control'>,
): Finding['balance'] {
  if (arm.name === control || arm.target === direct.name || perBackend.length !== backends.length) {
    return undefined
  }
  const algorithm = algorithms.find(({ name }) => name === arm.algorithm)
  const weighted = algorithm?.inputs.includes('weight') ?? false
  const weights = backends.map(({ weight }) => (weighted ? weight : 1))
  const { fairness, greatestDeviation: maxDeviation } = balance(perBackend, weights)
  const slowest = slowestOf(backends, perBackend)
  return {
    basis: weighted ? 'weights' : 'equal shares',
    fairness,
    ...(Number.isFinite(maxDeviation) && { maxDeviation }),
    ...(slowest && { slowest }),
  }
}
