import type { Random } from '../../../src/kit/random.ts'
import { levelAt, stageEdges } from '../../../src/plan/load/curve.ts'
import type { Stage } from '../../../src/plan/load/load-plan.ts'
import type { LoadSample } from '../../../src/result/load-sample.ts'

/** A server of one queue. Times in seconds. */
export interface SimulatedServer {
  /** Time that it works on one request; it may depend on the requests that wait. */
  service(waiting: number): number
  /** Time that each response takes besides, whatever the load. */
  readonly delay?: number
  /** Requests that may wait; more fail at once. */
  readonly maxWaiting?: number
}

/** Poisson arrivals of the plan at a server of one queue, without real time; samples of 100 ms. */
export function simulate(
  stages: readonly Stage[],
  { service, delay = 0, maxWaiting = Number.POSITIVE_INFINITY }: SimulatedServer,
  random: Random,
): LoadSample[] {
  const samples = sampler()
  const ends: number[] = []
  let over = 0
  for (const { at, stage } of arrivals(stages, random)) {
    samples.count(at, stage, 'sent')
    while (over < ends.length && (ends[over] as number) <= at) over++
    const waiting = ends.length - over
    if (waiting > maxWaiting) {
      samples.count(at, stage, 'failed')
      continue
    }
    ends.push(Math.max(at, ends.at(-1) ?? 0) + service(waiting))
    samples.count((ends.at(-1) as number) + delay, stage, 'ok')
  }
  return samples.all()
}

/** Poisson arrivals by thinning (Lewis and Shedler 1979), in order of time. */
function* arrivals(stages: readonly Stage[], random: Random) {
  const edges = stageEdges(stages)
  for (const [stage, one] of stages.entries()) {
    const highest = Math.max(one.from, one.to)
    const begin = edges[stage] as number
    let at = begin - Math.log(1 - random()) / highest
    while (at < begin + one.seconds) {
      if (random() * highest <= levelAt(one, at - begin)) yield { at, stage }
      at -= Math.log(1 - random()) / highest
    }
  }
}

/** Counts what happens in each interval and stage. */
function sampler() {
  interface Bin {
    readonly atMs: number
    readonly stage: number
    sent: number
    ok: number
    failed: number
  }
  const bins = new Map<string, Bin>()
  return {
    count(at: number, stage: number, what: 'sent' | 'ok' | 'failed'): void {
      const atMs = (Math.floor(at * 10) + 1) * 100
      const key = `${atMs} ${stage}`
      const bin = bins.get(key) ?? { atMs, stage, sent: 0, ok: 0, failed: 0 }
      bins.set(key, bin)
      bin[what]++
    },
    all: (): LoadSample[] =>
      [...bins.values()]
        .toSorted((a, b) => a.atMs - b.atMs)
        .map(({ failed, ...rest }) => ({
          ...{ ...rest, planned: rest.sent, steps: {}, latency: '' },
          failed: failed === 0 ? {} : { refused: failed },
          checks: { passed: 0, failed: 0 },
        })),
  }
}
