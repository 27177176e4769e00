import { mean } from '../../stats/estimates/moments.ts'
import type { FrameCosts } from './frame-costs.ts'
import type { FramePair } from './frame-pair.ts'

/** Chooses frames by their keys. */
export type FrameChoice = (key: string) => boolean

/**
 * The pairs without the speed of the host, which on a virtual machine may differ from trial to trial by more than any frame
 * does: the costs of each trial are multiplied so that its steady frames cost together as much as they do on average over
 * all trials. Undefined where a trial has no sample in them.
 */
export function scaledPairs(
  pairs: readonly FramePair[],
  isSteady: FrameChoice,
): FramePair[] | undefined {
  const own = pairs.flatMap(({ base, head }) => [costOf(base, isSteady), costOf(head, isSteady)])
  if (own.includes(0)) return undefined
  const common = mean(own)
  return pairs.map(({ base, head }, i) => ({
    base: times(base, common / (own[2 * i] as number)),
    head: times(head, common / (own[2 * i + 1] as number)),
  }))
}

/**
 * The frames that are in the middle by how many times as much they cost in the head, from a quarter of the cost to three
 * quarters of it: a first guess at the frames that do not differ. Frames that cost much more or less are at the ends.
 *
 * Source: the trimmed mean of M-values, Robinson and Oshlack, Genome Biology 11:R25, 2010.
 */
export function middleFrames(pairs: readonly FramePair[]): FrameChoice {
  const costs = new Map<string, { both: number; head: number }>()
  for (const { base, head } of pairs) {
    for (const side of [base, head]) {
      for (const [key, { self }] of side.frames) {
        const cost = costs.get(key) ?? { both: 0, head: 0 }
        cost.both += self
        if (side === head) cost.head += self
        costs.set(key, cost)
      }
    }
  }
  const ordered = [...costs]
    .filter(([, { both }]) => both > 0)
    .toSorted(([, a], [, b]) => a.head / a.both - b.head / b.both)
  const all = ordered.reduce((sum, [, { both }]) => sum + both, 0)
  const middle = new Set<string>()
  let below = 0
  for (const [key, { both }] of ordered) {
    if (below + both > all / 4 && below < (3 * all) / 4) middle.add(key)
    below += both
  }
  return (key) => middle.has(key)
}

/** The part of the cost of all trials that is in these frames. */
export function shareOf(pairs: readonly FramePair[], isChosen: FrameChoice): number {
  const sides = pairs.flatMap(({ base, head }) => [base, head])
  const chosen = sides.reduce((sum, side) => sum + costOf(side, isChosen), 0)
  return chosen / sides.reduce((sum, { perRequest }) => sum + perRequest, 0)
}

function costOf({ frames }: FrameCosts, isChosen: FrameChoice): number {
  let sum = 0
  for (const [key, { self }] of frames) if (isChosen(key)) sum += self
  return sum
}

function times({ frames, perRequest }: FrameCosts, factor: number): FrameCosts {
  return {
    perRequest: perRequest * factor,
    frames: new Map(
      [...frames].map(([key, { frame, self, total }]) => [
        key,
        { frame, self: self * factor, total: total * factor },
      ]),
    ),
  }
}
