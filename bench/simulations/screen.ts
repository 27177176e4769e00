import { gaussian } from '../../src/kit/gaussian.ts'
import { seeded, shuffled } from '../../src/kit/random.ts'
import { mainEffects } from '../../src/stats/design/main-effects.ts'
import { maxFactors, plackettBurman } from '../../src/stats/design/plackett-burman.ts'
import { screenedFactors } from '../../src/stats/design/screened-factors.ts'
import { compare } from '../../src/stats/tests/comparison.ts'
import { minMargin } from '../../src/stats/tests/noise-floor.ts'

/** Knobs of each simulated screen that move CPU per request, and by how much (ratio). */
const [moving, effect] = [3, 1.05]
/** Blocks of a screen, and the standard deviations of the logarithm of a trial and of a block. */
const [blocks, trialNoise, blockNoise] = [3, 0.03, 0.05]

/** A screen of 11 knobs, 3 of which move the response by 5 %, up or down: whether exactly these are kept. */
export function simulatedScreen(seed: number): {
  readonly isFound: boolean
  /** Knobs without an effect among those kept. */
  readonly wrong: number
} {
  const random = seeded(seed)
  const normal = gaussian(random)
  const planted = new Map(
    shuffled(maxFactors, random)
      .slice(0, moving)
      .map((factor) => [factor, Math.log(effect) * (random() < 0.5 ? 1 : -1)]),
  )
  const plan = plackettBurman(maxFactors)
  const responses = Array.from({ length: blocks }, () => {
    const level = blockNoise * normal()
    return plan.map((row) =>
      row.reduce<number>(
        (sum, at, factor) => sum + ((planted.get(factor) ?? 0) * at) / 2,
        level + trialNoise * normal(),
      ),
    )
  })
  const kept = screenedFactors(mainEffects(plan, responses))
  return {
    isFound: [...planted.keys()].every((factor) => kept.includes(factor)),
    wrong: kept.filter((factor) => !planted.has(factor)).length,
  }
}

/** Pairs of the twin and the default in a run of all knobs, and the standard deviation of their log-ratio. */
const [pairs, pairNoise] = [11, 0.02]

/** Whether a simulated twin comes out as no difference. */
export function simulatedTwin(seed: number): boolean {
  const normal = gaussian(seeded(seed))
  const measured = Array.from({ length: pairs }, () => [1, Math.exp(pairNoise * normal())] as const)
  return compare(measured, { better: 'less', margin: minMargin }).outcome === 'same'
}
