import type { Arm, Plan } from './plan.ts'
import { schedule } from './schedule.ts'

/** Blocks of one A/A comparison: the minimum for which the exact interval can decide. */
export const pairsPerComparison = 8

/** Options of an A/A plan. Times in seconds. */
export interface AaPlanOptions {
  readonly blocks: number
  readonly duration: number
  readonly warmup: number
  readonly seed: number
}

/** The plan of an A/A test of the reference balancer at saturation: two arms that differ in name only. */
export function aaPlan({ blocks, duration, warmup, seed }: AaPlanOptions): Plan {
  const backend = {
    weight: 1,
    serviceTime: { kind: 'none' as const },
    responseBytes: 128,
    concurrency: 0,
    errorRate: 0,
  }
  const arms = ['A', 'B'].map(
    (name): Arm => ({ name, target: 'reference', algorithm: 'round-robin', cores: 1 }),
  )
  return {
    scenario: 'selftest',
    seed,
    arms,
    backends: [backend, backend, backend],
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: 40,
    warmup: { least: warmup, most: warmup },
    duration,
    blocks,
    phases: ['capacity'],
    arrivals: { share: 0.6, spacing: 'poisson' },
    timeout: 10,
    trials: schedule({ arms, seed, phases: [{ phase: 'capacity', blocks }] }),
  }
}
