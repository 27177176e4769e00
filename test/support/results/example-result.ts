import { seeded } from '../../../src/kit/random.ts'
import { type Arm, plan as planSchema } from '../../../src/plan/plan.ts'
import type { Finding, Measurement, ResultDocument, Summary } from '../../../src/result/document.ts'
import { histogram, merge } from '../../../src/stats/histogram/histogram.ts'

/** Figures of an arm: requests per second, median latency in seconds, CPU-seconds per request, bytes. */
interface Character {
  readonly arm: Arm
  readonly throughput: number
  readonly latency: number
  readonly cpu: number
  readonly rss: number
  readonly validity: Finding['validity']
  readonly bottleneck: Finding['bottleneck']
  readonly reason: Finding['reason']
}

const reference = (algorithm: string, cores: number): Arm => ({
  name: `${algorithm} ×${cores}`,
  target: 'reference',
  algorithm,
  cores,
})

const saturated = (role: 'target' | 'driver', usedShare: number): Finding['reason'] => ({
  code: 'cpu-saturated',
  values: { role, usedShare, cpus: 1 },
})

const characters: readonly Character[] = [
  {
    arm: reference('round-robin', 1),
    throughput: 15_020,
    latency: 0.0025,
    cpu: 65e-6,
    rss: 71e6,
    validity: 'valid',
    bottleneck: 'target',
    reason: saturated('target', 0.99),
  },
  {
    arm: reference('least-connections', 1),
    throughput: 14_230,
    latency: 0.0028,
    cpu: 69e-6,
    rss: 72e6,
    validity: 'valid',
    bottleneck: 'target',
    reason: saturated('target', 0.99),
  },
  {
    arm: reference('round-robin', 2),
    throughput: 21_400,
    latency: 0.0017,
    cpu: 68e-6,
    rss: 98e6,
    validity: 'valid',
    bottleneck: 'driver',
    reason: saturated('driver', 0.97),
  },
  {
    arm: reference('round-robin', 8),
    throughput: 18_900,
    latency: 0.0019,
    cpu: 84e-6,
    rss: 301e6,
    validity: 'oversubscribed',
    bottleneck: 'host',
    reason: {
      code: 'shared-cpus-saturated',
      values: {
        roles: ['target', 'driver', 'backends'],
        largest: 'target',
        usedShare: 1,
        cpus: 2,
      },
    },
  },
]

const blocks = 5
const duration = 2

/** Trials of the example, and what was found in them: made once, since their histograms cost more than most tests. */
let made: Pick<ResultDocument, 'trials' | 'findings'> | undefined

function measuredTrials(): Pick<ResultDocument, 'trials' | 'findings'> {
  const random = seeded(1)
  const trials = characters.flatMap((character) =>
    Array.from({ length: blocks }, (_, block) => measured(character, block, random)),
  )
  return { trials, findings: characters.map((character) => finding(character, trials)) }
}

/** A synthetic result of a run of three blocks, with every kind of row. */
export function exampleResult(changes: Partial<ResultDocument> = {}): ResultDocument {
  const arms = characters.map(({ arm }) => arm)
  made ??= measuredTrials()
  const { trials, findings } = structuredClone(made)
  return {
    format: 'lb-result',
    version: 2,
    lb: '0.1.0',
    build: 'compiled',
    createdAt: '2026-03-01T12:00:00.000Z',
    command: ['bench', '--scenario', 'default', '--seed', '1'],
    complete: true,
    host: {
      cpuModel: 'Example CPU @ 2.50GHz',
      cpus: 2,
      cpusAvailable: 2,
      memoryBytes: 8 * 2 ** 30,
      os: 'Ubuntu 24.04.1 LTS',
      kernel: '6.8.0',
      node: '26.10.0',
      packages: { autocannon: '9.0.0', 'hdr-histogram-js': '3.0.1', undici: '8.12.4' },
      fingerprint: '0123456789abcdef',
    },
    plan: planSchema.parse({
      scenario: 'default',
      seed: 1,
      arms,
      backends: [5, 1, 1].map((weight) => ({
        weight,
        serviceTime: { kind: 'none' },
        responseBytes: 128,
        concurrency: 0,
        errorRate: 0,
      })),
      request: { method: 'GET', path: '/', bodyBytes: 0 },
      connections: 40,
      warmup: { least: 1, most: 2 },
      duration,
      blocks,
      timeout: 10,
      trials: trials.map(({ trial }) => trial),
    }),
    placement: [
      {
        code: 'placement',
        values: { target: [0], driver: [1], backends: [1], workers: 1, targetElsewhere: false },
      },
    ],
    trials,
    phaseEndings: [{ phase: 'capacity', blocks, endedBy: 'plan', widestHalfWidth: 0.041 }],
    findings,
    comparisons: [
      {
        metric: 'throughput',
        phase: 'capacity',
        arm: 'least-connections ×1',
        base: 'round-robin ×1',
        ratio: summary(0.947, 0.02, 'confidence'),
        margin: 0.03,
        outcome: 'worse',
        p: 0.03,
      },
    ],
    curves: [
      {
        target: 'reference',
        algorithm: 'round-robin',
        points: [
          { arm: 'round-robin ×1', cores: 1, speedup: 1, efficiency: 1 },
          { arm: 'round-robin ×2', cores: 2, speedup: 1.425, efficiency: 0.712 },
          {
            arm: 'round-robin ×8',
            cores: 8,
            projection: summary(123_000, 2_000, 'confidence'),
          },
        ],
        notes: [{ code: 'too-few-core-counts', values: { coreCounts: 2, needed: 3 } }],
      },
    ],
    gates: [],
    warnings: [{ code: 'host-speed-varied', values: { factor: 1.8 } }],
    ...changes,
  }
}

function measured(character: Character, block: number, random: () => number): Measurement {
  const { arm, throughput, latency, cpu, rss } = character
  const noise = 1 + (random() - 0.5) * 0.06
  const ok = Math.round(throughput * noise * duration)
  const latencies = histogram()
  // An exponential tail from the same random source, truncated where a sample of this size ends.
  for (let i = 0; i < 2_000; i++) {
    latencies.record((latency / noise) * 1e6 * (0.8 - 0.29 * Math.log(1 - random())))
  }
  const costs = { cpusGiven: 1, sharedCpus: false, voluntarySwitches: 900, involuntarySwitches: 40 }
  return {
    trial: { block, arm: arm.name, phase: 'capacity', seed: block + 1 },
    startedAt: `2026-03-01T12:0${block}:00.000Z`,
    windowSeconds: duration,
    warmupSeconds: 1,
    steady: true,
    window: { ok, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 },
    total: { ok: Math.round(ok * 1.5), non2xx: 0, errors: 0, timeouts: 0, dropped: 0 },
    inFlight: { opened: 40, closed: 40 },
    latency: latencies.encode(),
    meanSeconds: latencies.mean / 1e6,
    bins: Array.from({ length: 30 }, () => Math.round(ok / 20)),
    errorKinds: {},
    processes: [
      {
        ...costs,
        role: 'target',
        userSeconds: ok * cpu * 0.7,
        systemSeconds: ok * cpu * 0.3,
        busiestThreadSeconds: 0.5,
        waitedSeconds: 0.05,
        rssMeanBytes: rss * noise,
        rssPeakBytes: rss * 1.05 * noise,
        timeline: courseOf(ok * cpu, rss * noise),
      },
      {
        ...costs,
        role: 'driver',
        userSeconds: ok * 20e-6,
        systemSeconds: ok * 10e-6,
        sharedCpus: true,
        busiestThreadSeconds: 0.5,
        waitedSeconds: 0.05,
        rssMeanBytes: 90e6,
        rssPeakBytes: 92e6,
        timeline: courseOf(ok * 30e-6, 90e6),
      },
      {
        ...costs,
        role: 'backends',
        userSeconds: ok * 12e-6,
        systemSeconds: ok * 8e-6,
        sharedCpus: true,
        busiestThreadSeconds: 0.5,
        waitedSeconds: 0.05,
        rssMeanBytes: 60e6,
        rssPeakBytes: 61e6,
        timeline: courseOf(ok * 20e-6, 60e6),
      },
    ],
    perBackend: [5, 1, 1].map((weight) => Math.round((ok * 1.5 * weight) / 7)),
    targetRequests: Math.round(ok * 1.5) + 40,
    perWorker: Array.from({ length: arm.cores }, () => Math.round((ok * 1.5) / arm.cores)),
    host: { stealSeconds: 0.004, foreignSeconds: 0.02, throttledSeconds: 0, swappedPages: 0 },
    verdict: {
      bottleneck: character.bottleneck,
      reason: character.reason,
      valid: true,
      reasons: [],
    },
  }
}

/** Even CPU use over the window, with memory that grows a little. */
function courseOf(cpuSeconds: number, bytes: number) {
  const at = Array.from({ length: 11 }, (_, i) => (i * duration) / 10)
  return {
    at,
    cpuSeconds: at.map((time) => (time / duration) * cpuSeconds),
    rssBytes: at.map((time) => bytes * (0.97 + (0.06 * time) / duration)),
  }
}

function finding(character: Character, trials: readonly Measurement[]): Finding {
  const { arm, validity, bottleneck, reason } = character
  const own = trials.filter(({ trial }) => trial.arm === arm.name)
  const over = (metric: (one: Measurement) => number): Summary => {
    const values = own.map(metric).sort((a, b) => a - b)
    return {
      center: values[Math.floor(values.length / 2)] as number,
      low: values[0] as number,
      high: values.at(-1) as number,
      estimator: 'mean',
      interval: 'range',
      confidence: 1,
      n: values.length,
      warnings: [],
    }
  }
  const cpuOf = (one: Measurement, role: string) => {
    const cost = one.processes.find((process) => process.role === role)
    return (cost?.userSeconds ?? 0) + (cost?.systemSeconds ?? 0)
  }
  const latencies = merge(own.map(({ latency }) => latency))
  const percentile = (percent: number) => ({
    ...over(({ latency }) => merge([latency]).percentile(percent) / 1e6),
    estimator: 'merged histograms' as const,
  })
  return {
    arm: arm.name,
    phase: 'capacity',
    validity,
    isLowerBound: bottleneck === 'driver',
    metrics: {
      throughput: over(({ window, windowSeconds }) => window.ok / windowSeconds),
      latencyMean: over(({ meanSeconds }) => meanSeconds),
      latencyP50: percentile(50),
      latencyP90: percentile(90),
      latencyP99: percentile(99),
      latencyP999: percentile(99.9),
      errorShare: over(() => 0),
      cpuUsed: over((one) => cpuOf(one, 'target') / one.windowSeconds),
      cpuPerRequest: over((one) => cpuOf(one, 'target') / one.window.ok),
      driverCpuPerRequest: over((one) => cpuOf(one, 'driver') / one.window.ok),
      backendsCpuPerRequest: over((one) => cpuOf(one, 'backends') / one.window.ok),
      rssMean: over((one) => one.processes[0]?.rssMeanBytes ?? 0),
      rssPeak: over((one) => one.processes[0]?.rssPeakBytes ?? 0),
    },
    latency: latencies.encode(),
    perBackend: own[0]?.perBackend ?? [],
    bottleneck,
    reason,
    notes: [],
  }
}

function summary(center: number, half: number, interval: Summary['interval']): Summary {
  const confidence = interval === 'confidence' ? 0.95 : 1
  return {
    center,
    low: center - half,
    high: center + half,
    estimator: 'pseudo-median',
    interval,
    confidence,
    n: 5,
    warnings: [],
  }
}
