import { UsageError } from '../../kit/errors.ts'
import { placementOf } from '../../lab/arm-placement.ts'
import type { Role } from '../../lab/cores.ts'
import { withoutChecks, withoutPauses } from '../../plan/load/compared-visits.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Measurement, PhaseEnding } from '../../result/document.ts'
import { direct } from '../../targets/direct.ts'
import { cpuSeconds } from '../verdict/cpu-bottleneck.ts'
import { willBeOnTime } from '../verdict/driver-lateness.ts'
import { driverName } from './driver-name.ts'
import { driverCpuShare, onTimeRate, requestedRate } from './rate.ts'
import type { Session } from './session.ts'

/** The plan whose driver is calibrated, and the session to do it in. */
export interface CalibrationOptions {
  readonly plan: Plan
  readonly session: Pick<
    Session,
    'placement' | 'tempDir' | 'signal' | 'runTrial' | 'engine' | 'beds'
  >
}

/** Seconds of warm-up, of the window, and after which a request times out. */
const [warmup, duration, timeout] = [0.3, 1, 1]

/** The driver at one rate: its trial, and the fraction of its CPUs that was used. */
interface Calibrated {
  readonly measurement: Measurement
  readonly cpuShare: number
}

/** Seconds of one bin of responses. */
const binSeconds = 0.1

/** Fraction of the rate at which responses must arrive; the edges of the bins blur the rest. */
const minFraction = 0.95

/** Attempts, so that a short disturbance does not refuse a possible rate. */
const maxAttempts = 3

/** Whether the driver can be calibrated: drivers on nodes only against backends that lb starts on one. */
export function canCalibrate({ engine }: Pick<Session, 'engine'>): boolean {
  return engine.starts.backends
}

/**
 * Measures the driver at `rate` requests per second without a balancer: one trial of a second against one backend
 * that responds at once, with as few CPUs for the driver as any arm leaves it.
 */
async function calibrate(rate: number, options: CalibrationOptions): Promise<Calibrated> {
  const { placement: host, tempDir, signal, runTrial } = options.session
  const plan = calibrationPlan(options.plan)
  const [arm] = plan.arms as [Arm]
  const placement = placementOf(arm, host, { plan, driver: driverName({ plan, rate }) })
  const measurement = await runTrial({
    ...{ plan, arm, rate, tempDir, signal, placement },
    trial: { block: 0, arm: arm.name, phase: 'latency', seed: plan.seed },
  })
  const { processes, windowSeconds } = measurement
  const share = (role: Role): number =>
    processes
      .filter((cost) => cost.role === role)
      .reduce((sum, cost) => sum + cpuSeconds(cost), 0) / windowSeconds
  const used = { driver: share('driver'), backends: share('backends') }
  const cpuShare = options.session.beds.isElsewhere
    ? used.driver / (processes.find(({ role }) => role === 'driver')?.cpusGiven ?? 1)
    : driverCpuShare(used, placement)
  return { measurement, cpuShare }
}

function calibrationPlan(plan: Plan): Plan {
  const cores = Math.max(...plan.arms.map((arm) => arm.cores))
  const [backend] = plan.backends as [Plan['backends'][number]]
  const { faults: _, visits, ...rest } = plan
  return {
    ...rest,
    // Pauses would outlast its window, and its backend sends none of what the journeys expect.
    ...(visits && { visits: withoutChecks(withoutPauses(visits)) }),
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

/** The maximum number of arrivals per second that the driver sends when `rate` is requested. */
export async function maxSendRate(rate: number, options: CalibrationOptions): Promise<number> {
  return arrivalsPerSecond((await calibrate(rate, options)).measurement)
}

/** Arrivals that had their responses while the window was open: of visits, by the number of requests that one of them makes. */
function arrivalsPerSecond(measurement: Measurement): number {
  const { visits, window } = measurement
  const requests = window.ok + window.non2xx + window.errors + window.timeouts
  const perArrival = visits === undefined || visits.began === 0 ? 1 : requests / visits.began
  return responsesPerSecond(measurement) / Math.max(1, perArrival)
}

/**
 * Responses that arrived while the window was open. The counts of the window would be of requests that were due in
 * it, which a late driver sends too, only later.
 */
function responsesPerSecond({ bins, warmupSeconds, windowSeconds }: Measurement): number {
  const from = Math.ceil(warmupSeconds / binSeconds)
  const within = bins.slice(from, Math.floor((warmupSeconds + windowSeconds) / binSeconds))
  return within.reduce((sum, count) => sum + count, 0) / (Math.max(1, within.length) * binSeconds)
}

/**
 * The rate of the latency phase: the plan's own, or a share of the capacity that was measured, lowered until the
 * driver is on time without a balancer, with CPU time to spare. `wantedRate` is the rate before that.
 */
export async function latencyRate(
  measured: readonly Measurement[],
  options: CalibrationOptions,
): Promise<Pick<PhaseEnding, 'wantedRate'> & { readonly rate: number }> {
  const wanted = requestedRate(options.plan, measured)
  if (options.plan.arrivals.rate !== undefined || !canCalibrate(options.session)) {
    return { rate: wanted }
  }
  const rate = await onTimeRate(wanted, async (one) => {
    const { measurement, cpuShare } = await calibrate(one, options)
    const sent = arrivalsPerSecond(measurement)
    return { sent, cpuShare, onTime: willBeOnTime(measurement) }
  })
  return { rate, ...(rate < wanted && { wantedRate: wanted }) }
}

/**
 * Checks that the driver can send at the rate that a plan sets.
 *
 * @throws {UsageError} it cannot; the message has the maximum
 */
export async function checkRate(options: CalibrationOptions): Promise<void> {
  const { phases, arrivals } = options.plan
  const { rate } = arrivals
  if (rate === undefined || !phases.includes('latency')) return
  if (!canCalibrate(options.session)) return
  let max = 0
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const sent = await maxSendRate(rate, options)
    if (sent >= minFraction * rate) return
    max = Math.max(max, sent)
  }
  throw new UsageError(
    `the driver cannot send ${rate} ${options.plan.visits === undefined ? 'requests' : 'visits'} per second ${options.session.beds.isElsewhere ? 'on its nodes' : 'on this host'}: without a balancer it reached ${Math.floor(max)}`,
    `use --rate ${Math.max(1, Math.floor(0.7 * max))} or less`,
  )
}
