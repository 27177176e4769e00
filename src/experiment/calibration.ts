import { UsageError } from '../kit/errors.ts'
import type { placementHost } from '../lab/cores.ts'
import type { Scratch } from '../lab/scratch.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import type { Measurement } from '../result/document.ts'
import { direct } from '../targets/direct.ts'
import { placementOf } from './run.ts'
import { runTrial } from './trial.ts'

/** What a calibration needs to run in. */
export interface Calibration {
  readonly plan: Plan
  readonly placing: Awaited<ReturnType<typeof placementHost>>
  readonly scratch: Scratch
  readonly signal: AbortSignal
  /** What runs the trial: real processes, unless a test knows better. */
  readonly runTrial?: typeof runTrial
}

/** Seconds of load before the driver is watched, and for how long it is. */
const [warmup, duration] = [0.3, 1]

/** Share of what was planned that must be answered: less is no random loss. */
const enough = 0.99

/** How often it may try: a moment's disturbance must not refuse a rate that is possible. */
const attempts = 3

/**
 * What the driver sends when asked for `rate` requests a second, of a backend that answers at once and without
 * a balancer: a trial of a second, with as few CPUs for the driver as any arm leaves it.
 */
async function calibrate(rate: number, calibration: Calibration): Promise<Measurement> {
  const { placing, scratch, signal } = calibration
  const plan = calibrationPlan(calibration.plan)
  const [arm] = plan.arms as [Arm]
  return (calibration.runTrial ?? runTrial)({
    ...{ plan, arm, rate, scratch, signal },
    trial: { block: 0, arm: arm.name, phase: 'latency', seed: plan.seed },
    placement: placementOf(arm, placing),
  })
}

function calibrationPlan(plan: Plan): Plan {
  const cores = Math.max(...plan.arms.map((arm) => arm.cores))
  const [backend] = plan.backends as [Plan['backends'][number]]
  return {
    ...plan,
    arms: [{ name: 'calibration', target: direct.name, algorithm: 'none', cores }],
    backends: [
      { ...backend, weight: 1, serviceTime: { kind: 'none' }, concurrency: 0, errorRate: 0 },
    ],
    arrivals: { ...plan.arrivals, spacing: 'constant' },
    warmup: { least: warmup, most: warmup },
    duration,
  }
}

/** The most that the driver sends per second, when asked for `rate`. */
export async function mostSent(rate: number, calibration: Calibration): Promise<number> {
  const { window, windowSeconds } = await calibrate(rate, calibration)
  return (window.ok + window.non2xx) / windowSeconds
}

/**
 * Checks that the driver can send the rate that a plan asks for, where it asks for one.
 *
 * @throws {UsageError} it cannot; says the most that it can do
 */
export async function checkRate(calibration: Calibration): Promise<void> {
  const { phases, arrivals } = calibration.plan
  const { rate } = arrivals
  if (rate === undefined || !phases.includes('latency')) return
  let most = 0
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { window, windowSeconds, planned = 0 } = await calibrate(rate, calibration)
    if (window.ok >= enough * planned) return
    most = Math.max(most, window.ok / windowSeconds)
  }
  throw new UsageError(
    `the driver cannot send ${rate} requests a second here: without a balancer it came to ${Math.floor(most)}`,
    `give --rate ${Math.max(1, Math.floor(0.7 * most))} or less, so that it keeps pace`,
  )
}
