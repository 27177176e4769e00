import { algorithms } from '../algorithms/index.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import type { Finding } from '../result/document.ts'
import { balance } from '../stats/balance.ts'

/**
 * How evenly an arm used the backends: against their weights where its algorithm knows weights, else against
 * equal shares. Undefined without a balancer, and where nobody counted.
 */
export function balanceOf(
  arm: Arm,
  perBackend: readonly number[],
  { backends, control }: Pick<Plan, 'backends' | 'control'>,
): Finding['balance'] {
  const algorithm = algorithms.find(({ name }) => name === arm.algorithm)
  if (arm.name === control || algorithm === undefined || perBackend.length !== backends.length) {
    return undefined
  }
  const weighted = algorithm.sees.includes('weight')
  const weights = backends.map(({ weight }) => (weighted ? weight : 1))
  const { fairness, greatestDeviation } = balance(perBackend, weights)
  return {
    against: weighted ? 'weights' : 'equal shares',
    fairness,
    ...(Number.isFinite(greatestDeviation) && { greatestDeviation }),
  }
}
