import { seeded, shuffled } from '../kit/random.ts'
import type { Arm, ExternalDriver, Phase, Trial } from './plan.ts'

/** The arms and blocks to schedule, and the seed of their order. */
export interface ScheduleOptions {
  readonly arms: readonly Arm[]
  readonly phases: readonly { readonly phase: Phase; readonly blocks: number }[]
  readonly seed: number
  /** A second driver of the capacity phase. */
  readonly witness?: ExternalDriver | undefined
}

/**
 * Randomised complete blocks: each holds one trial of every arm, in a seeded random order, so that drift of the
 * host affects all arms equally. The trials of a block share a seed, so that a pair differs in its arms only.
 * Phases run one after the other.
 * Phases run one after the other. A witness has one more trial of every arm in each block of the capacity phase.
 */
export function schedule({ arms, phases, seed, witness }: ScheduleOptions): Trial[] {
  const random = seeded(seed)
  const own = arms.map(({ name }) => ({ arm: name }))
  const both = witness === undefined ? own : [...own, ...own.map((one) => ({ ...one, witness }))]
  return phases.flatMap(({ phase, blocks }) => {
    const cells = phase === 'capacity' ? both : own
    return Array.from({ length: blocks }, (_, block) => {
      const blockSeed = Math.floor(random() * 0x7fffffff)
      return shuffled(cells.length, random).map((i): Trial => {
        const { arm, ...rest } = cells[i] as Pick<Trial, 'arm' | 'witness'>
        return { block, arm, phase, seed: blockSeed, ...rest }
      })
    }).flat()
  })
}
