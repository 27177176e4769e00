import type { CpuSets, Evidence } from '../../src/experiment/verdict/evidence.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { measurement, type Seen } from '../support/results/measurements.ts'

/** A CPU for each role. */
export const apart: CpuSets = { target: [0], driver: [1], backends: [2] }

/** A backend that responds at once, with these changes. */
export function backend(differs: Partial<BackendPlan> = {}): BackendPlan {
  const plain = { weight: 1, responseBytes: 128, concurrency: 0, errorRate: 0 }
  return { serviceTime: { kind: 'none' }, ...plain, ...differs }
}

/**
 * The evidence of a trial of one second with one connection: 1,000 requests of 1 ms each, for which all laws
 * hold for.
 */
export function evidence(
  seen: Seen = {},
  differs: Partial<Omit<Evidence, 'measured'>> = {},
): Evidence {
  const { ok = 1000 } = seen
  const { verdict: _, ...measured } = measurement({
    ...seen,
    also: { perBackend: [ok, ok], ...seen.also },
  })
  return { measured, cpuSets: apart, connections: 1, backends: [backend(), backend()], ...differs }
}
