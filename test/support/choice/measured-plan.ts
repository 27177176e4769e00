import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { Measurement, ResultDocument } from '../../../src/result/document.ts'
import { measurement, type Seen } from '../results/measurements.ts'

/**
 * The result of a plan of the latency phase without processes: trials of a thousand exponential times, whose mean in milliseconds `meanOf`
 * has for each algorithm. Only the fields that a confirmation reads.
 */
export function measuredPlan(
  plan: Plan,
  meanOf: (algorithm: string) => number,
  seen: (algorithm: string) => Seen = () => ({}),
): ResultDocument {
  const random = seeded(1)
  const trials: Measurement[] = plan.trials.map(({ arm, block }) => {
    const algorithm = plan.arms.find(({ name }) => name === arm)?.algorithm ?? ''
    const latencies = Array.from({ length: 1000 }, () =>
      Math.ceil(-1000 * meanOf(algorithm) * Math.log(1 - random())),
    )
    return measurement({ arm, block, phase: 'latency', ok: 1000, latencies, ...seen(algorithm) })
  })
  const facts = {
    ...{ plan, trials, findings: analyse(plan, trials, 2), complete: true },
    phaseEndings: [{ phase: 'latency', blocks: plan.blocks, endedBy: 'plan' }],
  }
  return facts as unknown as ResultDocument
}
