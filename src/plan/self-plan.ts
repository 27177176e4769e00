import type { Plan } from './plan.ts'
import { schedule } from './schedule.ts'

/** How long to measure an arm against itself. Times in seconds. */
export interface SelfOrder {
  readonly blocks: number
  readonly duration: number
  readonly warmup: number
  readonly seed: number
}

/** The plan of an A/A test: two arms that differ by their names only, at saturation. */
export function selfPlan({ blocks, duration, warmup, seed }: SelfOrder): Plan {
  const arm = { target: 'reference', algorithm: 'round-robin', cores: 1 }
  const arms = ['A', 'B'].map((name) => ({ name, ...arm }))
  const backend = {
    weight: 1,
    serviceTime: { kind: 'none' as const },
    responseBytes: 128,
    concurrency: 0,
    errorRate: 0,
  }
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
