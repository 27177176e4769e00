import { seeded, shuffled } from '../kit/random.ts'
import type { Arm, Phase, Trial } from './plan.ts'

/** The arms and blocks to schedule, and the seed of their order. */
export interface ScheduleOptions {
  readonly arms: readonly Arm[]
  readonly phases: readonly { readonly phase: Phase; readonly blocks: number }[]
  readonly seed: number
}

/**
 * Randomised complete blocks: each holds one trial of every arm, in a seeded random order, so that drift of the
 * host affects all arms equally. The trials of a block share a seed, so that a pair differs in its arms only.
 * Phases run one after the other.
 */
export function schedule({ arms, phases, seed }: ScheduleOptions): Trial[] {
  const random = seeded(seed)
  return phases.flatMap(({ phase, blocks }) =>
    Array.from({ length: blocks }, (_, block) => {
      const blockSeed = Math.floor(random() * 0x7fffffff)
      return shuffled(arms.length, random).map(
        (i): Trial => ({ block, arm: (arms[i] as Arm).name, phase, seed: blockSeed }),
      )
    }).flat(),
  )
}
