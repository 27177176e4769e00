import { z } from 'zod'
import { phase, plan, trial } from '../plan/plan.ts'
import { metricNames } from './metrics.ts'
import { reason } from './reason.ts'

/** Version of this schema. A reader migrates older ones and refuses newer ones. */
export const documentVersion = 2

const count = z.int().nonnegative()
const seconds = z.number().nonnegative()
const bytes = z.number().nonnegative()
/** An HDR histogram of whole microseconds: V2, compressed, base64. */
const histogram = z.base64()

/** The machine and the software that a result was measured with. */
export const host = z.strictObject({
  cpuModel: z.string(),
  /** CPUs of the machine, and those that this process may use (affinity and quota). */
  cpus: z.int().positive(),
  cpusAvailable: z.number().positive(),
  memoryBytes: bytes,
  os: z.string(),
  kernel: z.string(),
  node: z.string(),
  /** Versions of the packages that measured. */
  packages: z.record(z.string(), z.string()),
  /** Hash of what must be equal for two results to be compared: CPU model and count, memory, kernel, Node. */
  fingerprint: z.string(),
})
export type Host = z.infer<typeof host>

/** What became of the requests, as the driver saw it. */
const counts = z.strictObject({
  ok: count,
  non2xx: count,
  errors: count,
  timeouts: count,
  dropped: count,
})

/** What it used as the window went on: at some 100 moments at most, whatever the window. */
const usageTimeline = z
  .strictObject({
    /** Since the window opened. */
    at: z.array(seconds),
    /** CPU-seconds used since then, by threads that were alive at that moment. */
    cpuSeconds: z.array(seconds),
    /** Resident at that moment. */
    rssBytes: z.array(bytes),
  })
  .refine(
    ({ at, cpuSeconds, rssBytes }) =>
      at.length === cpuSeconds.length && at.length === rssBytes.length,
    'its columns are not of one length',
  )

/** What one process, with all its threads and children, cost over exactly the window. */
const processCost = z.strictObject({
  role: z.enum(['target', 'driver', 'backends']),
  userSeconds: seconds,
  systemSeconds: seconds,
  /** CPU-seconds of the thread that used most: one thread has no use for a second CPU. */
  busiestThreadSeconds: seconds,
  /** Seconds that its threads stood ready and waited for a CPU, over all threads. */
  waitedSeconds: seconds,
  /** Seconds that the thread that used most CPU stood ready and waited for one. */
  busiestThreadWaitedSeconds: seconds.optional(),
  /** CPUs that it could use. Shared with the other roles where `sharedCpus`. */
  cpusGiven: z.number().positive(),
  sharedCpus: z.boolean(),
  rssMeanBytes: bytes,
  rssPeakBytes: bytes,
  /** In user mode, from the first request to the last; only where the host lets them be counted. */
  instructions: count.optional(),
  voluntarySwitches: count,
  involuntarySwitches: count,
  timeline: usageTimeline.optional(),
})
export type ProcessCost = z.infer<typeof processCost>

/** The part that had nothing left: `none` where no part was saturated. */
const bottleneck = z.enum(['target', 'driver', 'backends', 'host', 'none'])

/** The bottleneck of a trial, and whether the trial is valid. */
const verdict = z.strictObject({
  bottleneck,
  /** The figures that show the bottleneck. */
  reason,
  /** The figures of the trial alone, where its bottleneck was found by comparison with the control. */
  ownReason: reason.optional(),
  /** An invalid trial enters no estimate. */
  valid: z.boolean(),
  /** Checks that the trial did not pass: why it is invalid, or what qualifies its figures. */
  reasons: z.array(reason),
})
export type Verdict = z.infer<typeof verdict>

const timerJitter = z.strictObject({
  cpus: z.array(count).min(1),
  /** Moments that were looked at, a millisecond apart. */
  count,
  p50: seconds,
  p99: seconds,
  p999: seconds,
  max: seconds,
  /** CPU-seconds that the meter itself took of them in the window. */
  cpuSeconds: seconds,
})

/** What became of requests in the course of a window with faults. Each stands in the bin in which it ended. */
const faultTimeline = z.strictObject({
  binSeconds: z.number().positive(),
  /** Bins over which one p99 is taken. */
  binsPerP99: z.int().positive(),
  /** Answers with a 2xx status in each bin. */
  ok: z.array(count),
  /** All else that ended in it: other answers, errors, time-outs, arrivals that were never sent. */
  failed: z.array(count),
  /** Seconds; null where it lies among the requests without an answer, or none ended. */
  p99: z.array(seconds.nullable()),
  /** Requests that each backend received in each bin, in configuration order. */
  received: z.array(z.array(count)),
  /** When each of the plan's faults really came and went, in seconds since the window opened; absent: it did not. */
  faults: z.array(z.strictObject({ from: seconds.optional(), until: seconds.optional() })),
})
export type FaultTimeline = z.infer<typeof faultTimeline>

/** What a small load cost that is the same in every trial, on one set of its CPUs: src/meter/yardstick.ts. */
const yardstick = z.strictObject({
  cpus: z.array(count).min(1),
  /** Messages that it took, and CPU-seconds for each. */
  count,
  unitSeconds: seconds,
  /** CPU-seconds that it took of them in the window. */
  cpuSeconds: seconds,
})

/** What one trial gave. */
const measurement = z.strictObject({
  trial,
  startedAt: z.iso.datetime(),
  windowSeconds: z.number().positive(),
  warmupSeconds: seconds,
  steady: z.boolean(),
  window: counts,
  total: counts,
  inFlight: z.strictObject({ opened: count, closed: count }),
  latency: histogram,
  meanSeconds: seconds,
  service: histogram.optional(),
  lateness: histogram.optional(),
  planned: count.optional(),
  rate: z.number().positive().optional(),
  bins: z.array(count),
  /** Where the plan has faults. */
  faultTimeline: faultTimeline.optional(),
  /** Share of the window in which the driver's event loop had work. */
  driverBusy: z.number().min(0).max(1).optional(),
  /** Share of the window in which the driver stood still: stopped, throttled, or robbed of its CPU. */
  driverStalled: z.number().min(0).max(1).optional(),
  errorKinds: z.record(z.string(), count),
  processes: z.array(processCost),
  /** Requests each backend answered, in configuration order, from the first to the last. */
  perBackend: z.array(count),
  /** Requests the target counted, where it counts. */
  targetRequests: count.optional(),
  /** Requests each of the target's workers took, where it counts them. */
  perWorker: z.array(count).optional(),
  host: z.strictObject({
    /** CPU-seconds that the hypervisor gave to others, and that processes of others used, in the window. */
    stealSeconds: seconds,
    foreignSeconds: seconds,
    /** Seconds in which at least one task of the host waited for a CPU, where the kernel says so. */
    pressureSeconds: seconds.optional(),
    /** Seconds in which a quota of our control group stopped us. */
    throttledSeconds: seconds,
    /** Pages swapped in and out. */
    swappedPages: count,
    /**
     * What a process that only wants to run every millisecond had to wait beyond it, in seconds, on each set of
     * CPUs of the trial; in the latency phase.
     */
    timerJitter: z.array(timerJitter).optional(),
    /** What the same small load cost on each set of CPUs of the trial; in the capacity phase. */
    yardstick: z.array(yardstick).optional(),
  }),
  verdict,
})
export type Measurement = z.infer<typeof measurement>

/** An estimate over the trials of an arm. Low and high are the interval at `confidence`, or the spread where `interval` says so. */
const summary = z.strictObject({
  center: z.number(),
  /**
   * How `center` was computed: `mean` or `pseudo-median` (Hodges–Lehmann) of the trials, or of the log-ratios of pairs;
   * `shift` (Hodges–Lehmann) between the logarithms of two runs; `merged histograms`: a percentile of all requests.
   */
  estimator: z.enum(['mean', 'pseudo-median', 'shift', 'merged histograms']),
  low: z.number(),
  high: z.number(),
  /** `confidence`: an interval at that level. `range`: smallest and largest trial, because there are too few for an interval. */
  interval: z.enum(['confidence', 'range']),
  confidence: z.number().min(0).max(1),
  n: count,
  warnings: z.array(reason),
})
export type Summary = z.infer<typeof summary>

/** How evenly an arm used its backends. */
const balance = z.strictObject({
  /** Weights where the algorithm knows weights. */
  basis: z.enum(['weights', 'equal shares']),
  /** Jain's fairness index of requests per weight: 1 is perfect, 1/n all to one. */
  fairness: z.number().min(0).max(1.000_001),
  /** Greatest relative distance of a backend's share from what it should be; absent where one of weight 0 got any. */
  maxDeviation: z.number().nonnegative().optional(),
  /** Only where some backends are slower than others: what the slowest of them got. */
  slowest: z
    .strictObject({
      /** Which, from 0. */
      backends: z.array(count).min(1),
      /** Fraction of all requests that they got, together. */
      share: z.number().min(0).max(1),
      /** What they would get if each backend got as much as it is fast. */
      shareBySpeed: z.number().min(0).max(1),
    })
    .optional(),
})

/**
 * A figure over trials: the middle one, the least and the greatest. An edge is absent where it is `never`: the
 * trials in which it did not come to pass count as longer than any.
 */
const trialRange = z.strictObject({
  median: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  n: count,
})
export type TrialRange = z.infer<typeof trialRange>

/** What a fault came to: see docs/guide/faults.md. Absent is what could not be asked. */
const faultFinding = z.strictObject({
  /** Requests that failed, from the fault to the next one. */
  failed: trialRange,
  /** Seconds until the target no longer used the backend, or until clients saw no more of it. */
  detect: trialRange.optional(),
  /** Seconds from the backend's return until it had its share again. */
  recover: trialRange.optional(),
  /** The backend's share of the requests before all faults, and while this one lasted. */
  shareBefore: trialRange.optional(),
  shareDuring: trialRange.optional(),
  /** Seconds: the worst p99 from the fault to the next one; never is one among the requests without an answer. */
  maxP99: trialRange,
})
export type FaultFinding = z.infer<typeof faultFinding>

/** What an arm came to in one phase. */
const finding = z.strictObject({
  arm: z.string(),
  phase,
  /** Oversubscribed: more workers than CPUs; never ranked, fitted or gated. */
  validity: z.enum(['valid', 'oversubscribed', 'invalid']),
  /** Whether `throughput` is only a lower bound, since something other than the target limited it. */
  isLowerBound: z.boolean(),
  /** Estimates in base units. What could not be estimated, or is infinite, is absent; `notes` say why. */
  metrics: z.partialRecord(z.enum(metricNames), summary),
  /** Histogram merged over the valid trials. */
  latency: histogram,
  /** Requests per backend over the valid trials. */
  perBackend: z.array(count),
  /** How evenly that is; absent without a balancer. */
  balance: balance.optional(),
  /** What each of the plan's faults came to, in their order. */
  faults: z.array(faultFinding).optional(),
  /** That of most of its trials. */
  bottleneck,
  /** The figures of one of those trials. */
  reason,
  notes: z.array(reason),
})
export type Finding = z.infer<typeof finding>

/** One metric of an arm, held against another arm of the same run or against the same arm of another. */
const comparison = z.strictObject({
  metric: z.enum(metricNames),
  phase,
  arm: z.string(),
  /** Name of the arm it is held against. */
  base: z.string(),
  /** What the base came to, where it is the same arm of another run; in the unit of the metric. */
  baseValue: z.number().optional(),
  /** Arm ÷ base, from the pairs of each block; between two runs from their trials, unpaired. */
  ratio: summary,
  /** δ: a ratio whose interval lies within 1/(1+δ) … 1+δ is the same. */
  margin: z.number().nonnegative(),
  /** The ratio as it was measured, where `ratio` is at one speed of the host: src/experiment/host-speed.ts. */
  uncorrectedRatio: summary.optional(),
  /** Better and worse by the metric's own direction. `cannot decide`: no test of so few pairs could. */
  outcome: z.enum(['better', 'worse', 'same', 'inconclusive', 'too few trials']),
  /** Of the test behind the answer, adjusted for the family of comparisons (Holm). */
  p: z.number().min(0).max(1).optional(),
})
export type Comparison = z.infer<typeof comparison>

/** A fitted parameter, with its interval where the points allow one. */
const parameter = z.strictObject({
  estimate: z.number(),
  interval: z.strictObject({ low: z.number(), high: z.number() }).optional(),
})

/** The Universal Scalability Law: X(N) = λN / (1 + σ(N−1) + κN(N−1)) (Gunther 2007). */
const scalingFit = z.strictObject({
  /** Requests per second of one core. */
  lambda: parameter,
  /** Contention: the share that does not run in parallel. */
  sigma: parameter,
  /** Coherence: the cost of each pair that must agree. */
  kappa: parameter,
  /** Cores at the peak, where there is evidence of one. */
  peak: z.number().positive().optional(),
  /** Parameters that stopped at the edge of what they may be. */
  boundary: z.array(z.enum(['lambda', 'sigma', 'kappa'])),
  warnings: z.array(reason),
})
export type ScalingFit = z.infer<typeof scalingFit>

/** Throughput over cores, of one target with one algorithm. */
const curve = z.strictObject({
  target: z.string(),
  algorithm: z.string(),
  points: z.array(
    z.strictObject({
      arm: z.string(),
      cores: z.int().positive(),
      /** Throughput ÷ that of the fewest cores, and that ÷ the growth in cores. Valid points only. */
      speedup: z.number().optional(),
      efficiency: z.number().optional(),
      /** Requests per second that the CPU cost of a request allows at most on so many cores. */
      projection: summary.optional(),
    }),
  ),
  fit: scalingFit.optional(),
  notes: z.array(reason),
})
export type Curve = z.infer<typeof curve>

/** A rule of the CI gate applied to one arm, and its state. */
const gate = z.strictObject({
  /** As given to `--fail-on`: `p99>+5%`. */
  rule: z.string(),
  arm: z.string(),
  metric: z.enum(metricNames),
  /** `fail`: the whole interval lies beyond the threshold. */
  state: z.enum(['pass', 'fail', 'inconclusive']),
  /** Whether the threshold is a change (`+5%`) or a value (`20ms`). */
  threshold: z.enum(['change', 'absolute']),
  /** Whether `inconclusive` counts as failed too. */
  strict: z.boolean(),
  /** What was measured, and why that does not decide, where it does not. */
  reasons: z.array(reason).min(1),
})
export type Gate = z.infer<typeof gate>

/** The other run that a run was compared with. */
const baseline = z.strictObject({
  /** File that it was read from. */
  file: z.string(),
  createdAt: z.iso.datetime(),
  lb: z.string(),
  /** What differs between the two runs besides what is compared: nothing, unless that was forced. */
  differences: z.array(reason),
})

/** How a phase ended. */
const phaseEnding = z.strictObject({
  phase,
  blocks: count,
  /** `plan`: all its blocks ran. `precision`, `time`: the rule that was asked for. `interrupted`: neither. */
  endedBy: z.enum(['plan', 'precision', 'time', 'interrupted']),
  /** Half-width of the widest interval of the phase's leading metric, as a fraction; absent below 2 blocks. */
  widestHalfWidth: z.number().nonnegative().optional(),
  /** Arrivals per second that every arm met, in the latency phase. */
  rate: z.number().positive().optional(),
  /** What that would have been by the share of the slowest arm's capacity, where the driver was late at it. */
  wantedRate: z.number().positive().optional(),
})
export type PhaseEnding = z.infer<typeof phaseEnding>

/** What is known of a target besides what was measured of it, and what makes its numbers hard to compare. */
const targetFacts = z.strictObject({
  target: z.string(),
  /** In a duel: the side, where the sides are different programs. */
  side: z.enum(['base', 'head']).optional(),
  version: z.string().optional(),
  /** Settings in the user's own configuration that make the comparison unfair. */
  configWarnings: z.array(reason),
  /** How its first answer differs from that of the same backend asked directly: nothing, in a fair comparison. */
  responseDifferences: z.array(reason),
})
export type TargetFacts = z.infer<typeof targetFacts>

/** The whole of a run: the only thing that is stored, and enough to make any report from. */
export const resultDocument = z.strictObject({
  format: z.literal('lb-result'),
  version: z.literal(documentVersion),
  lb: z.string(),
  /** Whether the processes that were measured ran compiled code. */
  build: z.enum(['compiled', 'source']),
  createdAt: z.iso.datetime(),
  /** Arguments after `lb`: how to repeat it. */
  command: z.array(z.string()),
  /** False when the run was interrupted: some of the plan's trials are missing. */
  complete: z.boolean(),
  host,
  plan,
  /** Which CPUs the processes ran on, for each way in which arms were placed. */
  placement: z.array(reason),
  /** The targets, but for the control: asked once, before the first trial. */
  targets: z.array(targetFacts).optional(),
  trials: z.array(measurement),
  phaseEndings: z.array(phaseEnding),
  findings: z.array(finding),
  comparisons: z.array(comparison),
  /** Where comparisons of an arm with itself come from. */
  baseline: baseline.optional(),
  curves: z.array(curve),
  gates: z.array(gate),
  warnings: z.array(reason),
})
export type ResultDocument = z.infer<typeof resultDocument>
