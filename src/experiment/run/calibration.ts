import { UsageError } from '../../kit/errors.ts'
import type { placementHost } from '../../lab/cores.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { direct } from '../../targets/direct.ts'
import { keepsPace } from '../verdict/driver-lateness.ts'
import type { Paced } from './rate.ts'
import { placementOf } from './run.ts'
import { runTrial } from './trial.ts'

/** What a calibration needs to run in. */
export interface Calibration {
  readonly plan: Plan
  readonly placing: Awaited<ReturnType<typeof placementHost>>
  readonly scratch: TempDir
  readonly signal: AbortSignal
  /** What runs the trial: real processes, unless a test knows better. */
  readonly runTrial?: typeof runTrial
}

/** Seconds of load before the driver is watched, for how long it is, and after which a request is given up. */
const [warmup, duration, timeout] = [0.3, 1, 1]

/** Seconds of one bin of answers. */
const binSeconds = 0.1

/** Share of the rate at which answers must come: the edges of the bins blur the rest. */
const enough = 0.95

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
  const { faults: _, ...well } = plan
  return {
    ...well,
    arms: [{ name: 'calibration', target: direct.name, algorithm: 'none', cores }],
    backends: [
      { ...backend, weight: 1, serviceTime: { kind: 'none' }, concurrency: 0, errorRate: 0 },
    ],
    arrivals: { ...plan.arrivals, spacing: 'constant' },
    warmup: { least: warmup, most: warmup },
    duration,
    timeout,
  }
}

/** How the driver keeps pace at `rate`. */
export async function pacedAt(rate: number, calibration: Calibration): Promise<Paced> {
  const measured = await calibrate(rate, calibration)
  return { sent: answeredPerSecond(measured), onTime: keepsPace(measured) }
}

/** The most that the driver sends per second, when asked for `rate`. */
export async function mostSent(rate: number, calibration: Calibration): Promise<number> {
  return answeredPerSecond(await calibrate(rate, calibration))
}

/**
 * Answers that came while the window was open. Its counts are of what was due in it, and a driver that is
 * behind sends that too, only later.
 */
function answeredPerSecond({ bins, warmupSeconds, windowSeconds }: Measurement): number {
  const from = Math.ceil(warmupSeconds / binSeconds)
  const within = bins.slice(from, Math.floor((warmupSeconds + windowSeconds) / binSeconds))
  return within.reduce((sum, count) => sum + count, 0) / (Math.max(1, within.length) * binSeconds)
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
    const sent = await mostSent(rate, calibration)
    if (sent >= enough * rate) return
    most = Math.max(most, sent)
  }
  throw new UsageError(
    `the driver cannot send ${rate} requests a second here: without a balancer it came to ${Math.floor(most)}`,
    `give --rate ${Math.max(1, Math.floor(0.7 * most))} or less, so that it keeps pace`,
  )
}
