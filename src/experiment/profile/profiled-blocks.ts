import { seeded, shuffled } from '../../kit/random.ts'
import type { Arm, Trial } from '../../plan/plan.ts'

/** A kind of profile that a trial can take. */
export type ProfileKind = 'cpu' | 'heap'

/** One trial: with a profile of this kind, or without one. */
export interface ProfiledTrial {
  readonly trial: Trial
  readonly kind: ProfileKind | undefined
}

/** What the blocks hold, and the seed of their order. */
export interface ProfiledBlocksOptions {
  readonly arms: readonly Pick<Arm, 'name'>[]
  readonly kinds: readonly ProfileKind[]
  readonly blocks: number
  readonly seed: number
  /** Whether each block also has a trial of every arm without a profile (default: true). */
  readonly overhead?: boolean | undefined
}

/**
 * Blocks in random order, each with one trial of every arm with each kind of profile and, unless it is left out, one without: the overhead of a
 * profile and the differences between arms are those of trials that ran beside each other.
 */
export function profiledBlocks(options: ProfiledBlocksOptions): ProfiledTrial[][] {
  const { arms, kinds, blocks, seed, overhead = true } = options
  const random = seeded(seed)
  const cells = arms.flatMap(({ name }) =>
    [...(overhead ? [undefined] : []), ...kinds].map((kind) => ({ arm: name, kind })),
  )
  return Array.from({ length: blocks }, (_, block) => {
    const blockSeed = Math.floor(random() * 0x7fffffff)
    return shuffled(cells.length, random).map((i) => {
      const { arm, kind } = cells[i] as (typeof cells)[number]
      return { kind, trial: { block, arm, phase: 'capacity', seed: blockSeed } }
    })
  })
}
