import { driveLoadFleet, type LoadFleetReport } from '../../driver/fleet/drive-load-fleet.ts'
import { placementOf } from '../../lab/arm-placement.ts'
import { hostLimits, maxInFlight } from '../../lab/host-limits.ts'
import { openLab } from '../../lab/lab.ts'
import { integralAt, stageEdges } from '../../plan/load/curve.ts'
import type { LoadPlan, Stage } from '../../plan/load/load-plan.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import { transportOf } from '../../plan/transport.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import { type LoadResult, loadResultVersion } from '../../result/schemas/load.ts'
import type { ThresholdOutcome } from '../../result/schemas/threshold-outcome.ts'
import { merge } from '../../stats/histogram/histogram.ts'
import { findTarget } from '../../targets/find-target.ts'
import { engineFacts } from '../run/engine-facts.ts'
import { roleCosts } from '../run/role-costs.ts'
import { roleMeters } from '../run/role-meters.ts'
import type { Session } from '../run/session.ts'
import { slowMeters } from '../run/slow-meters.ts'
import { loadCourse } from './course.ts'
import { loadBins } from './load-bins.ts'
import { watchHosts } from './watch-hosts.ts'
import { watchThresholds } from './watch-thresholds.ts'

/** A load test to run, and where. */
export interface LoadRun {
  /** The plan of its target: the first arm, its backends, connections and drivers. */
  readonly plan: Plan
  readonly load: LoadPlan
  readonly session: Pick<Session, 'host' | 'placement' | 'tempDir' | 'beds' | 'signal' | 'engine'>
  /** Conditions that are judged; those that may end the run do so. */
  readonly thresholds: readonly LoadThreshold[]
  /** Requests in flight beyond which no visit begins. */
  readonly maxInFlight?: number | undefined
  readonly timeScale: number
  /** Whether a lost driver does not make the stages invalid that lack its part. */
  readonly allowDegraded?: boolean
  readonly lb: string
  readonly command: readonly string[]
  /** The target, as reports name it. */
  readonly target: string
  /** Whether something beside the thresholds ends the load; asked with every sample. */
  readonly isEnded?: () => boolean
  /** About 100 ms of all drivers together, and what is known of each threshold then. */
  readonly sampled?: (
    samples: readonly LoadSample[],
    thresholds: () => readonly ThresholdOutcome[],
  ) => void
}

/** Fraction by which a stage may be off its plan. */
const allowedLack = 0.005

/** Bins before and after one, 2 s each, that show how many responses are usual: over a longer time the load changes. */
const neighbours = 20

/**
 * Starts the target and its backends, drives the load test, stops them, and returns the result; a partial one where it was
 * interrupted.
 *
 * @throws {UsageError} the target cannot be configured, or a module of the user cannot be loaded
 * @throws {ProcessError} a process could not be started, or target or backends died
 */
export async function runLoad(run: LoadRun): Promise<LoadResult> {
  const { plan, load, session } = run
  const createdAt = new Date().toISOString()
  const [arm] = plan.arms as [Arm, ...Arm[]]
  const placement = placementOf(arm, session.placement, { plan, driver: 'open-loop' })
  const { tempDir, beds, signal } = session
  const { settings, seed } = plan
  await using lab = await openLab({
    ...{ plan, arm, seed, placement, tempDir, signal, settings, beds },
  })
  const slowness = slowMeters(lab)
  const meters = roleMeters(lab)
  const hosts = watchHosts(lab, beds)
  const course = loadCourse(load)
  const throughput = loadBins(load)
  const watch = watchThresholds(run.thresholds, load)
  const early = new AbortController()
  const ending = AbortSignal.any([signal, early.signal])
  const report = await lab.guard(
    driveLoadFleet(lab.drivers, {
      load: {
        ...{ plan: load, url: lab.url.href, timeout: plan.timeout, seed },
        transport: transportOf(settings?.[arm.target]),
        connections: plan.connections,
        maxInFlight: run.maxInFlight ?? maxInFlight(plan.connections, hostLimits()),
      },
      signal: ending,
      begun: () => {
        for (const meter of [...meters.values(), hosts, slowness]) meter.open()
      },
      sampled: (samples) => {
        throughput.add(samples)
        for (const sample of samples) {
          course.add(sample)
          watch.add(sample)
        }
        if (watch.stoppedBy !== undefined || run.isEnded?.()) early.abort()
        run.sampled?.(samples, watch.soFar)
      },
    }),
  )
  for (const meter of [...meters.values(), hosts, slowness]) meter.close()
  const slow = await slowness.causes({
    ...{ slow: report.slow, latency: allLatencies(report), bins: throughput.bins() },
    ...{ windowSeconds: report.seconds, neighbours },
  })
  const costs = await roleCosts({ meters, arm, placement, lab })
  const disturbances = await hosts.disturbances({
    ...{ seconds: report.seconds, costs, cpuSets: placement },
  })
  await session.beds.readClocks()
  const usedEngine = engineFacts(session)
  const isCounted = load.visits !== undefined
  const lostShare = run.allowDegraded ? report.lost.length / lab.drivers.length : 0
  const stages = untilEnd(load, report.seconds).map((stage, i) =>
    stageResult(stage, i, { ...report, isCounted, lostShare }),
  )
  return {
    ...{ format: 'lb-load', version: loadResultVersion, lb: run.lb, createdAt },
    ...{ command: [...run.command], scenario: plan.scenario, target: run.target },
    ...{ complete: !report.aborted, host: session.host, seed, timeScale: run.timeScale },
    ...(report.endedBy !== undefined && { endedBy: report.endedBy }),
    spacing: load.spacing,
    journeys: load.journeys.map(({ name, weight }) => ({ name, weight })),
    seconds: report.seconds,
    stages,
    unfinished: report.unfinished,
    course: course.bins(),
    metrics: { ...report.metrics },
    drivers: {
      count: lab.drivers.length,
      ...{ busy: report.busy, stalled: report.stalled, cpuSeconds: report.cpuSeconds },
      ...(report.ownCode !== undefined && { ownCode: report.ownCode }),
      lost: [...report.lost],
      ...(report.differing.length > 0 && { differing: [...report.differing] }),
    },
    thresholds: watch.outcomes({
      invalidStages: stages.flatMap(({ valid }, i) => (valid ? [] : [i])),
      isCutShort: report.aborted,
      metrics: report.metrics,
      seconds: report.seconds,
    }),
    ...(slow && { slow }),
    // Backends behind a target that lb did not start are not ours.
    processes: costs
      .filter(({ role }) => role !== 'backends' || findTarget(arm.target).needs !== 'url')
      .map((cost) => ({
        role: cost.role,
        cpuSeconds: cost.userSeconds + cost.systemSeconds,
        ...{ cpusGiven: cost.cpusGiven, rssPeak: cost.rssPeakBytes },
      })),
    disturbances,
    ...(usedEngine && {
      engine: {
        ...usedEngine,
        ...(report.start && {
          startSpreadMs: report.start.spreadMs,
          startBoundMs: report.start.boundMs,
        }),
      },
    }),
  }
}

/** The times of all requests that succeeded, encoded. */
function allLatencies({ stages }: LoadFleetReport): string {
  return merge(
    stages.flatMap(({ steps }) => Object.values(steps).map(({ latency }) => latency)),
  ).encode()
}

/** The stages, as long as they lasted where the load ended by its number of visits. */
function untilEnd({ stages, visits }: LoadPlan, seconds: number): readonly Stage[] {
  if (visits === undefined) return stages
  const edges = stageEdges(stages)
  const lasted = (stage: Stage, i: number) =>
    Math.max(1e-3, Math.min(stage.seconds, seconds - (edges[i] as number)))
  return stages.map((stage, i) => ({ ...stage, seconds: lasted(stage, i) }))
}

function stageResult(
  stage: Stage,
  index: number,
  {
    stages,
    aborted,
    isCounted,
    lostShare,
  }: LoadFleetReport & { readonly isCounted: boolean; readonly lostShare: number },
): LoadResult['stages'][number] {
  const own = stages[index] as LoadFleetReport['stages'][number]
  const { sent, visits, finished, cut, notSent, lateness, steps } = own
  const planned = integralAt(stage, stage.seconds)
  // A lost driver had sent some of its part, or all, or nothing.
  const due = Math.min(planned, Math.max(planned * (1 - lostShare), sent))
  return {
    ...stage,
    ...{
      planned,
      sent,
      valid: isCounted
        ? !aborted
        : isAsPlanned(stage, due, sent) && !(aborted && sent < planned - 1),
    },
    ...{ visits, finished, cut, notSent: { ...notSent }, lateness },
    steps: Object.fromEntries(
      Object.entries(steps).map(([name, { ok, failed, checks, latency }]) => [
        name,
        { ok, failed: { ...failed }, checks: { ...checks }, latency },
      ]),
    ),
  }
}

/**
 * Whether a stage was sent as planned: visits within 0.5 %, or one visit, which a plan of few visits cannot avoid. Users
 * that leave finish their visit first, so that a stage of the closed model may only lack user-seconds.
 */
function isAsPlanned({ model }: Stage, planned: number, sent: number): boolean {
  const off = model === 'open' ? Math.abs(sent - planned) : planned - sent
  return off <= Math.max(model === 'open' ? 1 : 0.05 * planned, allowedLack * planned)
}
