import { z } from 'zod'
import { phase, plan } from '../plan/plan.ts'
import { reason } from './reason.ts'
import { answer } from './schemas/answer.ts'
import { baseline, comparison, gate } from './schemas/comparison.ts'
import { curve, type scalingFit } from './schemas/curve.ts'
import { engine } from './schemas/engine.ts'
import { type faultFinding, finding, type trialRange } from './schemas/finding.ts'
import { host } from './schemas/host.ts'
import { type faultTimeline, measurement, type verdict } from './schemas/measurement.ts'
import type { processCost } from './schemas/process-cost.ts'
import { profileSummary } from './schemas/profile.ts'
import type { summary } from './schemas/summary.ts'
import { count } from './schemas/values.ts'
import { armThreshold, visitStep } from './schemas/visits.ts'
import { tune } from './tune.ts'

/** Version of this schema. A reader migrates older ones and refuses newer ones. */
export const documentVersion = 2

/** How a phase ended. */
const phaseEnding = z.strictObject({
  phase,
  blocks: count,
  /** `plan`: all its blocks were completed. `precision`, `time`: by --precision or --max-time. */
  endedBy: z.enum(['plan', 'precision', 'time', 'interrupted']),
  /** Half-width of the widest interval of the phase's leading metric, as a fraction; absent below 2 blocks. */
  widestHalfWidth: z.number().nonnegative().optional(),
  /** Arrivals per second at every arm, in the latency phase. */
  rate: z.number().positive().optional(),
  /** The rate by the capacity of the slowest arm, where the driver was late at it. */
  wantedRate: z.number().positive().optional(),
})

/** Facts of a target that were found before the first trial, and reasons why it is not comparable. */
const targetFacts = z.strictObject({
  target: z.string(),
  /** The side of an A/B run, where the sides are different programs. */
  side: z.enum(['base', 'head']).optional(),
  version: z.string().optional(),
  /** Settings in the user's own configuration that make the comparison unfair. */
  configWarnings: z.array(reason),
  /** Its backends are its own, so that its response is not compared with that of one. */
  ownBackends: z.literal(true).optional(),
  /** Differences between its first response and that of the same backend without it. */
  responseDifferences: z.array(reason),
})

/** The complete result of a run: all that is stored, and enough to make any report from. */
export const resultDocument = z.strictObject({
  format: z.literal('lb-result'),
  version: z.literal(documentVersion),
  lb: z.string(),
  /** Whether the processes that were measured ran compiled code. */
  build: z.enum(['compiled', 'source']),
  createdAt: z.iso.datetime(),
  /** Arguments after `lb`. */
  command: z.array(z.string()),
  /** False when the run was interrupted: some of the plan's trials are missing. */
  complete: z.boolean(),
  host,
  plan,
  /** Of a run on nodes: what started its processes there. */
  engine: engine.optional(),
  /** Which CPUs of this host the processes ran on, for each way in which arms were placed; none of a run on nodes. */
  placement: z.array(reason),
  /** The driver of the capacity phase, and why that one; absent where there is no such phase. */
  driver: reason.optional(),
  /** All targets except the control. */
  targets: z.array(targetFacts).optional(),
  trials: z.array(measurement),
  /** The trials of the plan's witness, which enter no other figure than its own. */
  witnessTrials: z.array(measurement).optional(),
  /** Trials in which the reference balancer timed the steps of requests; they enter no other figure. */
  stepTrials: z.array(measurement).optional(),
  phaseEndings: z.array(phaseEnding),
  findings: z.array(finding),
  comparisons: z.array(comparison),
  /** Where the plan has visits: their steps. */
  visitSteps: z.array(visitStep).optional(),
  /** Where the plan has thresholds: their outcomes for each arm. */
  thresholds: z.array(armThreshold).optional(),
  /** What the run found; absent in documents of earlier versions, and in A/B runs. */
  answer: answer.optional(),
  /** The other run of comparisons of an arm with itself. */
  baseline: baseline.optional(),
  /** The answers of `lb tune`. */
  tune: tune.optional(),
  curves: z.array(curve),
  gates: z.array(gate),
  warnings: z.array(reason),
  /** With `--profile`: one for each kind. Their trials enter no other figure. */
  profiles: z.array(profileSummary).optional(),
})
export type ResultDocument = z.infer<typeof resultDocument>

export type Host = z.infer<typeof host>
export type TargetFacts = z.infer<typeof targetFacts>
export type PhaseEnding = z.infer<typeof phaseEnding>
export type Measurement = z.infer<typeof measurement>
export type ProcessCost = z.infer<typeof processCost>
export type Verdict = z.infer<typeof verdict>
export type FaultTimeline = z.infer<typeof faultTimeline>
export type Finding = z.infer<typeof finding>
export type Summary = z.infer<typeof summary>
export type TrialRange = z.infer<typeof trialRange>
export type FaultFinding = z.infer<typeof faultFinding>
export type Answer = z.infer<typeof answer>
export type Comparison = z.infer<typeof comparison>
export type Gate = z.infer<typeof gate>
export type Curve = z.infer<typeof curve>
export type ScalingFit = z.infer<typeof scalingFit>
