import type { Stage } from '../sampled-load.ts'
import {
  holdStages,
  judgeKnee,
  type Knee,
  kneeOfRamps,
  type LoadRun,
  rampStages,
} from './judge-knee.ts'

/** How the knee of a target is measured. */
export interface KneeOptions {
  /** Visits per second at the top of the ramps. */
  readonly highest: number
  /** Seconds of each ramp, and of each rate that is held. */
  readonly rampSeconds: number
  readonly holdSeconds: number
  /** Drives these stages, and returns the samples of all drivers. */
  run(stages: readonly Stage[]): Promise<LoadRun['samples']>
}

/**
 * Measures the knee of a target: ramps up and down, then holds five rates around the knee of the ramp, which a ramp that
 * was too fast does not find.
 */
export async function measureKnee({
  highest,
  rampSeconds,
  holdSeconds,
  run,
}: KneeOptions): Promise<Knee> {
  const up = rampStages(highest, rampSeconds)
  const ramps = { stages: up, samples: await run(up) }
  const knee = kneeOfRamps(ramps)
  if (knee === undefined) return judgeKnee(ramps, undefined)
  const stages = holdStages(knee, holdSeconds)
  return judgeKnee(ramps, { stages, samples: await run(stages) })
}
