import type { Finding, Measurement, ResultDocument, Summary } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { exampleResult } from './example-result.ts'

/** Figures of a result of one arm beside the control `direct`; those that are left out are of a healthy run. */
export interface SymptomFigures {
  readonly phase?: 'capacity' | 'latency'
  readonly command?: readonly string[]
  readonly algorithm?: string
  readonly connections?: number
  /** Seconds. */
  readonly p50?: number
  readonly p99?: number
  readonly controlP50?: number
  readonly controlP99?: number
  /** CPUs of the target: used, of these in the kernel, of the busiest thread, given. */
  readonly cpu?: { used: number; system?: number; thread?: number; given?: number }
  /** Resident memory at ten moments of each window, in MiB. */
  readonly memory?: readonly number[]
  readonly errorKinds?: Readonly<Record<string, number>>
  readonly controlErrorKinds?: Readonly<Record<string, number>>
  readonly reasons?: readonly Reason[]
  readonly perBackend?: readonly number[]
  readonly perWorker?: readonly number[]
  readonly slowest?: NonNullable<Finding['balance']>['slowest']
  readonly opened?: number
  readonly trials?: number
  readonly bottleneck?: Finding['bottleneck']
  readonly isLowerBound?: boolean
  /** Speed-up of twice the cores. */
  readonly speedup?: number
  readonly control?: boolean
}

/** A healthy result, made once: its histograms take time. */
const example = exampleResult()

/** The requests of an arm over all its trials. */
const requests = 30_000

/** A result with these figures, and everything else as in a healthy run. */
export function symptomResult(figures: SymptomFigures = {}): ResultDocument {
  const { phase = 'latency', algorithm = 'round-robin', connections = 40, control = true } = figures
  const { speedup, command = ['bench', '--scenario', 'default', '--seed', '1'] } = figures
  const name = `${algorithm} ×1`
  const arm = { name, target: 'reference', algorithm, cores: 1 }
  const twice = { ...arm, name: `${algorithm} ×2`, cores: 2 }
  const direct = { name: 'direct', target: 'direct', algorithm: 'round-robin', cores: 1 }
  const own = trialsOf(name, figures)
  const controlTrials = trialsOf('direct', {
    ...{ phase, errorKinds: figures.controlErrorKinds ?? {} },
  }).map((one) => ({ ...one, processes: one.processes.filter(({ role }) => role !== 'target') }))
  const arms = [arm, ...(speedup === undefined ? [] : [twice]), ...(control ? [direct] : [])]
  const trials = [...own, ...(control ? controlTrials : [])]
  const finding = findingOf(name, figures)
  return {
    ...example,
    command: [...command],
    plan: {
      ...example.plan,
      ...{ arms, connections, phases: [phase], trials: trials.map(({ trial }) => trial) },
      ...(control && { control: 'direct' }),
    },
    trials,
    findings: [
      finding,
      ...(speedup === undefined ? [] : [{ ...finding, arm: twice.name }]),
      ...(control
        ? [
            findingOf('direct', {
              ...{ phase, p50: figures.controlP50 ?? 0.0004, p99: figures.controlP99 ?? 0.002 },
            }),
          ]
        : []),
    ],
    comparisons: [],
    curves:
      speedup === undefined
        ? []
        : [
            {
              ...{ target: 'reference', algorithm, notes: [] },
              points: [
                { arm: name, cores: 1, speedup: 1, efficiency: 1 },
                { arm: twice.name, cores: 2, speedup, efficiency: speedup / 2 },
              ],
            },
          ],
    warnings: [],
  }
}

function trialsOf(arm: string, figures: SymptomFigures): Measurement[] {
  const { phase = 'latency', trials = 3, errorKinds = {}, reasons = [], cpu, memory } = figures
  const { perWorker = [10_000], opened, perBackend = [5000, 5000, 5000] } = figures
  const [template] = example.trials as [Measurement]
  const failed = Object.values(errorKinds).reduce((sum, n) => sum + n, 0)
  const { used = 0.5, system = 0.4 * used, thread = used, given = 1 } = cpu ?? {}
  const seconds = template.windowSeconds
  const mebibytes = memory ?? Array.from({ length: 10 }, () => 90)
  return Array.from({ length: trials }, (_, block): Measurement => {
    const errors = block === 0 ? failed : 0
    const counts = {
      ...{ ok: requests / trials - errors, non2xx: 0, errors, timeouts: 0, dropped: 0 },
    }
    return {
      ...template,
      trial: { block, arm, phase, seed: block + 1 },
      ...{ window: counts, total: counts, errorKinds: block === 0 ? { ...errorKinds } : {} },
      processes: template.processes.map((cost) =>
        cost.role === 'target'
          ? {
              ...cost,
              ...{ userSeconds: (used - system) * seconds, systemSeconds: system * seconds },
              ...{ busiestThreadSeconds: thread * seconds, cpusGiven: given },
              rssPeakBytes: Math.max(...mebibytes) * 2 ** 20,
              timeline: {
                at: mebibytes.map((__, i) => (i * seconds) / mebibytes.length),
                cpuSeconds: mebibytes.map((__, i) => (i * used * seconds) / mebibytes.length),
                rssBytes: mebibytes.map((n) => n * 2 ** 20),
              },
            }
          : cost,
      ),
      ...{ perBackend: [...perBackend], perWorker: [...perWorker] },
      ...(opened !== undefined && {
        connections: {
          protocol: 'http/1.1' as const,
          addresses: {
            '127.0.0.1:8080': {
              ...{ opened: Math.round(opened / trials), responses: requests / trials, failed: 0 },
            },
          },
        },
      }),
      verdict: {
        ...{ bottleneck: 'none', valid: true, reasons: [...reasons] },
        reason: { code: 'no-bottleneck', values: { phase, target: used } },
      },
    }
  })
}

function findingOf(arm: string, figures: SymptomFigures): Finding {
  const [healthy] = example.findings as [Finding]
  const { phase = 'latency', p50 = 0.0008, p99 = 0.003, slowest, isLowerBound = false } = figures
  const { perBackend = [5000, 5000, 5000], bottleneck = 'none' } = figures
  const sum = perBackend.reduce((total, n) => total + n, 0)
  const off = perBackend.map((n) => Math.abs((n * perBackend.length) / sum - 1))
  const summary = (center: number): Summary => ({
    ...{ center, low: center, high: center, estimator: 'mean', interval: 'range' },
    ...{ confidence: 1, n: 3, warnings: [] },
  })
  return {
    ...healthy,
    ...{ arm, phase, validity: 'valid', isLowerBound, bottleneck, notes: [] },
    metrics: { throughput: summary(1000), latencyP50: summary(p50), latencyP99: summary(p99) },
    perBackend: [...perBackend],
    balance: {
      ...{ basis: 'equal shares', fairness: 0.99, maxDeviation: Math.max(...off) },
      ...(slowest && { slowest }),
    },
  }
}
