import { type Arm, type Plan, plan as planSchema } from '../../../src/plan/plan.ts'
import { schedule } from '../../../src/plan/schedule.ts'
import type { Measurement, ProcessCost, Verdict } from '../../../src/result/document.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

/** Figures of a trial that differ from the default. */
export interface Seen {
  readonly arm?: string
  readonly block?: number
  readonly phase?: 'capacity' | 'latency'
  /** Successful responses in the window of one second. */
  readonly ok?: number
  readonly failed?: Partial<
    Pick<Measurement['window'], 'non2xx' | 'errors' | 'timeouts' | 'dropped'>
  >
  /** Latencies of the responses, whole microseconds. */
  readonly latencies?: readonly number[]
  /** CPU-seconds of each role in the window of one second. */
  readonly cpu?: Partial<Record<ProcessCost['role'], number>>
  /** Run-queue wait of each role, seconds. */
  readonly waited?: Partial<Record<ProcessCost['role'], number>>
  readonly verdict?: Partial<Verdict>
  /** Other fields of the measurement. */
  readonly also?: Partial<Measurement>
}

const roles = ['target', 'driver', 'backends'] as const

/** A valid trial of one second, by default with the target as bottleneck. */
export function measurement(seen: Seen = {}): Measurement {
  const { arm = 'a', block = 0, phase = 'capacity', ok = 1000, failed = {} } = seen
  const window = { ok, non2xx: 0, errors: 0, timeouts: 0, dropped: 0, ...failed }
  return {
    trial: { block, arm, phase, seed: block },
    startedAt: '2026-03-01T12:00:00.000Z',
    windowSeconds: 1,
    warmupSeconds: 1,
    steady: true,
    window,
    total: { ...window, ok: 2 * ok },
    inFlight: { opened: 1, closed: 1 },
    latency: seen.latencies === undefined ? oneMillisecond(ok) : encoded(seen.latencies),
    meanSeconds: 0.001,
    ...(phase === 'latency' && { lateness: encoded([]) }),
    bins: [],
    errorKinds: {},
    processes: roles.map((role) => cost(role, seen)),
    perBackend: [ok, ok],
    host: { stealSeconds: 0, foreignSeconds: 0, throttledSeconds: 0, swappedPages: 0 },
    verdict: {
      bottleneck: 'target',
      reason: { code: 'cpu-saturated', values: { role: 'target', usedShare: 0.99, cpus: 1 } },
      valid: true,
      reasons: [],
      ...seen.verdict,
    },
    ...seen.also,
  }
}

/** An encoded histogram of these times, whole microseconds. */
export function encoded(latencies: readonly number[]): string {
  const all = histogram()
  for (const micros of latencies) all.record(micros)
  return all.encode()
}

/** Made once for each number: tests with thousands of trials would spend their time with it. */
const madeFor = new Map<number, string>()

/** The histogram of so many responses of 1 ms each. */
function oneMillisecond(responses: number): string {
  const made = madeFor.get(responses) ?? encoded(Array<number>(responses).fill(1000))
  madeFor.set(responses, made)
  return made
}

function cost(role: ProcessCost['role'], { cpu = {}, waited = {} }: Seen): ProcessCost {
  const seconds = cpu[role] ?? 0.5
  return {
    role,
    userSeconds: seconds / 2,
    systemSeconds: seconds / 2,
    busiestThreadSeconds: Math.min(1, seconds),
    waitedSeconds: waited[role] ?? 0,
    busiestThreadWaitedSeconds: waited[role] ?? 0,
    cpusGiven: 1,
    sharedCpus: false,
    rssMeanBytes: 1e6,
    rssPeakBytes: 2e6,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
  }
}

/** An arm of the reference balancer, by name. */
export function arm(name: string, differs: Partial<Arm> = {}): Arm {
  return { name, target: 'reference', algorithm: name, cores: 1, ...differs }
}

/** A plan of such arms, with two backends that respond at once. */
export function planOf(arms: readonly Arm[], differs: Partial<Plan> = {}): Plan {
  const { blocks = 3, phases = ['capacity'] } = differs
  const backend = {
    weight: 1,
    serviceTime: { kind: 'none' },
    responseBytes: 128,
    concurrency: 0,
    errorRate: 0,
  }
  return planSchema.parse({
    scenario: 'test',
    seed: 1,
    arms,
    backends: [backend, backend],
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: 10,
    warmup: { least: 1, most: 1 },
    duration: 1,
    blocks,
    phases,
    timeout: 10,
    trials: schedule({ arms, seed: 1, phases: phases.map((phase) => ({ phase, blocks })) }),
    ...differs,
  })
}

/** Bins of 100 ms: one second of warm-up without a response, then one second with so many. */
export function binsOf(perSecond: number): number[] {
  return [...Array<number>(10).fill(0), ...Array<number>(10).fill(perSecond / 10)]
}
