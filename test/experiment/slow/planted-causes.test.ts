import { expect, test } from 'vitest'
import type { SlowReport, SlowRequest } from '../../../src/driver/slow-report.ts'
import type { Seen } from '../../../src/experiment/slow/cause-spans.ts'
import { slowOf } from '../../../src/experiment/slow/slow-of.ts'
import type { Pause } from '../../../src/kit/pause.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { SlowCause } from '../../../src/result/schemas/slow.ts'

const openedMs = 1_000_000
const plants = 20
const everyMs = 400
const tickMs = 10

/** A cause that is planted: it makes requests slow from `fromMs` until `untilMs`. */
interface Plant {
  readonly fromMs: number
  readonly untilMs: number
}

/** What meters see of a plant. */
interface Traces {
  readonly target?: readonly Pause[]
  readonly driver?: readonly Pause[]
  readonly backends?: readonly Pause[]
  /** Whose threads wait for a CPU, for which part of its time. */
  readonly waits?: Partial<Record<'target' | 'driver' | 'backends', number>>
  readonly request?: Partial<SlowRequest>
}

const random = seeded(17)
const between = (low: number, high: number) => low + random() * (high - low)
const pause = (kind: Pause['kind'], { fromMs, untilMs }: Plant, lateMs = 0): Pause => ({
  ...{ kind, fromMs: fromMs + lateMs, untilMs },
})
const sentLate = ({ untilMs }: Plant) => ({
  ...{ arrivedMs: untilMs, sentMs: untilMs, connectedMs: untilMs },
})

/** Each cause with what else it makes meters see. */
const causes: Readonly<Record<string, (plant: Plant) => Traces>> = {
  // The event loop is late, too; helper threads use the CPUs of others; connections open late.
  'target-gc': (plant) => ({
    target: [pause('gc', plant), pause('loop', plant, 3), pause('connect', plant, 5)],
    waits: { driver: 0.8, backends: 0.5 },
  }),
  'target-loop': (plant) => ({ target: [pause('loop', plant, 2), pause('connect', plant, 5)] }),
  'target-run-queue': (plant) => ({
    target: [pause('loop', plant, 3)],
    waits: { target: 1, driver: 0.3 },
  }),
  // A thread that has no CPU collects no garbage, but the collection that has begun lasts.
  'driver-run-queue': (plant) => ({
    driver: [pause('gc', plant), pause('loop', plant, 3)],
    waits: { driver: 0.97 },
    request: sentLate(plant),
  }),
  // Other programs use all CPUs: each thread waits in its turn, and the meter beside them comes too late to see it.
  'run-queue waits in turn': (plant) => {
    const at = (part: number) => plant.fromMs + part * (plant.untilMs - plant.fromMs)
    const wait = (from: number, until: number) => ({ fromMs: at(from), untilMs: at(until) })
    const [first, second, third] = [wait(0, 0.3), wait(0.3, 0.7), wait(0.7, 1)]
    return {
      driver: [pause('wait', first), pause('loop', first, 2)],
      target: [pause('wait', second), pause('loop', second, 2), pause('connect', plant, 2)],
      backends: [pause('wait', third)],
    }
  },
  'driver-gc': (plant) => ({
    driver: [pause('gc', plant), pause('loop', plant, 3)],
    waits: { driver: 0.1, target: 0.8 },
    request: sentLate(plant),
  }),
  'driver-loop': (plant) => ({ driver: [pause('loop', plant, 2)], request: sentLate(plant) }),
  retry: (plant) => ({ target: [pause('retry', plant)] }),
  'target-connect': (plant) => ({ target: [pause('connect', plant)] }),
  'backend-queue': (plant) => ({
    backends: [pause('queue', plant), pause('queue', plant, 4)],
    request: { sentMs: plant.untilMs - 6, connectedMs: plant.untilMs - 6 },
  }),
  ejection: (plant) => ({
    target: [{ kind: 'ejection', fromMs: openedMs, untilMs: openedMs + 30_000 }],
    backends: [pause('queue', plant)],
  }),
  'new-connection': (plant) => ({ request: { connectedMs: plant.untilMs } }),
}

/** Causes that are right, where several are. */
const allRight: Readonly<Record<string, readonly SlowCause[]>> = {
  'run-queue waits in turn': ['target-run-queue', 'driver-run-queue', 'backends-run-queue'],
}

/** Small pauses and waits everywhere, as a busy host has them. */
function noise(): Omit<Seen, 'waits'> {
  const pauses = (kind: Pause['kind'], longestMs: number) =>
    Array.from({ length: 200 }, (): Pause => {
      const fromMs = openedMs + between(0, plants * everyMs)
      return { kind, fromMs, untilMs: fromMs + between(0.3, longestMs) }
    })
  return {
    target: [...pauses('gc', 3), ...pauses('retry', 4)],
    driver: pauses('gc', 3),
    backends: pauses('queue', 4),
  }
}

/** Waits by readings, of which a part has some anyway. */
function waitsOf(name: 'target' | 'driver' | 'backends', times: readonly Plant[], part: number) {
  return Array.from({ length: (plants * everyMs) / tickMs }, (_, i) => {
    const fromMs = openedMs + tickMs * i
    const untilMs = fromMs + tickMs
    const planted = times.reduce(
      (sum, one) =>
        sum + Math.max(0, Math.min(untilMs, one.untilMs) - Math.max(fromMs, one.fromMs)),
      0,
    )
    const waitedMs = part * planted + (random() < 0.2 ? between(1, 3) : 0)
    return { name, fromMs, untilMs, waitedMs: Math.min(tickMs, waitedMs) }
  }).filter(({ waitedMs }) => waitedMs >= 1)
}

test.for(Object.entries(causes))(
  'of 20 planted %s among noise at least 18 are named right, at most one wrong',
  ([cause, tracesOf]) => {
    const times = Array.from({ length: plants }, (_, i): Plant => {
      const fromMs = openedMs + everyMs * i + between(0, 200)
      return { fromMs, untilMs: fromMs + between(20, 60) }
    })
    const traces = times.map(tracesOf)
    const requests = times.map((plant, i): SlowRequest => {
      const dueMs = plant.fromMs + between(0, 0.3) * (plant.untilMs - plant.fromMs)
      const usual = { dueMs, arrivedMs: dueMs, sentMs: dueMs, connectedMs: dueMs }
      return { ...usual, ...traces[i]?.request, endedMs: plant.untilMs + between(0.2, 2) }
    })
    const around = noise()
    const of = (role: 'target' | 'driver' | 'backends') => [
      ...traces.flatMap((one) => one[role] ?? []),
      ...around[role],
    ]
    const waits = (['target', 'driver', 'backends'] as const).flatMap((name) =>
      waitsOf(name, times, traces[0]?.waits?.[name] ?? 0),
    )
    const report: SlowReport = {
      ...{ boot: 'one', binsFromMs: openedMs, openedMs, requests, pauses: of('driver') },
    }
    const found = slowOf({
      ...{ reports: [report], responses: 20_000, medianMs: 1, bins: [], windowMs: 10_000 },
      seen: { target: of('target'), backends: of('backends'), waits },
    })
    const named = found?.requests ?? {}
    const right = (allRight[cause] ?? [cause as SlowCause]).reduce(
      (sum, one) => sum + (named[one] ?? 0),
      0,
    )
    expect(right, JSON.stringify(named)).toBeGreaterThanOrEqual(18)
    const unexplained = named.unexplained ?? 0
    expect(plants - right - unexplained, JSON.stringify(named)).toBeLessThanOrEqual(1)
  },
)
