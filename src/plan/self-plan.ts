import { UsageError } from '../kit/errors.ts'
import type { Arm, Plan } from './plan.ts'
import { schedule } from './schedule.ts'

/** Blocks that make one comparison of an arm with itself: the fewest of which the exact interval can decide. */
export const pairsEach = 8

/** How long to measure an arm against itself. Times in seconds. */
export interface SelfPlanOptions {
  readonly blocks: number
  readonly duration: number
  readonly warmup: number
  readonly seed: number
}

/** The plan of an A/A test of the reference balancer, at saturation. */
export function selfPlan({ blocks, duration, warmup, seed }: SelfPlanOptions): Plan {
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
    ...doubled({ target: 'reference', algorithm: 'round-robin', cores: 1 }, seed, [
      { phase: 'capacity', blocks },
    ]),
    backends: [backend, backend, backend],
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: 40,
    warmup: { least: warmup, most: warmup },
    duration,
    blocks,
    arrivals: { share: 0.6, spacing: 'poisson' },
    timeout: 10,
  }
}

/**
 * The plan with its first arm against itself in place of all others, so many blocks of each phase, none of which
 * ends early. A phase that is there to find a rate stays as short as it is.
 *
 * @throws {UsageError} so few blocks make no comparison
 */
export function againstItself(plan: Plan, blocks: number): Plan {
  if (blocks < pairsEach) {
    throw new UsageError(
      `${blocks} trials of an arm against itself decide nothing`,
      `give --trials ${pairsEach}, or a multiple of it`,
    )
  }
  const { control, stop, ...rest } = plan
  const { name: _, ...arm } =
    plan.arms.find(({ name }) => name !== control) ?? (plan.arms[0] as Arm)
  const had = (phase: string) =>
    new Set(plan.trials.filter((trial) => trial.phase === phase).map(({ block }) => block)).size
  const phases = plan.phases.map((phase) => ({
    phase,
    blocks: had(phase) < plan.blocks ? had(phase) : blocks,
  }))
  return { ...rest, blocks, ...doubled(arm, plan.seed, phases) }
}

/** Two arms that differ by their names only, and their trials. */
function doubled(
  arm: Omit<Arm, 'name'>,
  seed: number,
  phases: readonly { readonly phase: Plan['phases'][number]; readonly blocks: number }[],
): Pick<Plan, 'arms' | 'phases' | 'trials'> {
  const arms = ['A', 'B'].map((name) => ({ name, ...arm }))
  return {
    arms,
    phases: phases.map(({ phase }) => phase),
    trials: schedule({ arms, seed, phases }),
  }
}
