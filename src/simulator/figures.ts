import {
  type AlgorithmResult,
  failureKinds,
  type ReplicationFigures,
} from '../result/simulation.ts'
import { mean } from '../stats/estimates/moments.ts'
import { sectioned } from '../stats/estimates/sectioned.ts'
import { summarise } from '../stats/estimates/summary.ts'
import { mser5 } from '../stats/series/steady.ts'
import type { SimulatedAlgorithm, World } from './options.ts'
import { binCount, type Recorder, segmentCount } from './recorder.ts'
import { TimeHistogram } from './time-histogram.ts'

/** The result of one algorithm from its replications. */
export function algorithmResult(
  { name, algorithm }: SimulatedAlgorithm,
  recorders: readonly Recorder[],
  world: World,
): AlgorithmResult {
  const warmups = warmupsOf(recorders, world)
  const replications = recorders.map((recorder, i) => figuresOf(recorder, warmups.cuts[i] ?? 0))
  const measured = replications.every(({ requests, failed }) => requests > failed)
  const all = (of: (recorder: Recorder) => number) =>
    recorders.reduce((sum, recorder) => sum + of(recorder), 0)
  const requests = world.requests * recorders.length
  const attempts = all(({ picks }) => sumOf(picks))
  const lookups = all((recorder) => recorder.lookups)
  return {
    name,
    algorithm: algorithm.name,
    metrics: measured ? metricsOf(replications, timesOf(recorders, warmups.cuts)) : undefined,
    replications,
    warmup: mean(warmups.cuts) / segmentCount,
    isSteady: warmups.isSteady,
    shares: world.backends.map((_, row) =>
      attempts === 0 ? 0 : all(({ picks }) => picks[row] as number) / attempts,
    ),
    inSystem: all(({ area }) => area) / all(({ lastArrival }) => lastArrival),
    longestQueue: Math.max(...recorders.map(({ longestQueue }) => longestQueue)),
    failures: Object.fromEntries(
      failureKinds.map((kind, i) => [kind, all(({ failures }) => kindOf(failures, i)) / requests]),
    ) as AlgorithmResult['failures'],
    attempts: attempts / requests,
    hits: lookups === 0 ? undefined : all((recorder) => recorder.hits) / lookups,
  }
}

/** The segment with which the steady part of each replication begins. */
interface Warmups {
  readonly cuts: readonly number[]
  readonly isSteady: boolean
}

/**
 * The warm-ups: MSER-5 on the series of mean times, averaged over every second replication, cuts the others. A cut that is found in the
 * same values that it cuts leaves out their high parts too often, which biases the mean by half a percent.
 */
function warmupsOf(recorders: readonly Recorder[], { warmup = 'mser' }: World): Warmups {
  if (warmup === 'none') return { cuts: recorders.map(() => 0), isSteady: true }
  const [even, odd] = [0, 1].map((rest) =>
    cutOf(recorders.length === 1 ? recorders : recorders.filter((_, i) => i % 2 !== rest)),
  ) as [Cut, Cut]
  return {
    cuts: recorders.map((_, i) => (i % 2 === 0 ? even : odd).segment),
    isSteady: even.isSteady && odd.isSteady,
  }
}

interface Cut {
  readonly segment: number
  readonly isSteady: boolean
}

function cutOf(recorders: readonly Recorder[]): Cut {
  const series: number[] = []
  for (let bin = 0; bin < binCount; bin++) {
    const count = recorders.reduce((sum, { counts }) => sum + (counts[bin] as number), 0)
    const total = recorders.reduce((sum, { sums }) => sum + (sums[bin] as number), 0)
    if (count > 0) series.push(total / count)
  }
  const { dropped, atBound } = mser5(series)
  const perSegment = binCount / segmentCount
  return { segment: Math.ceil(dropped / perSegment), isSteady: !atBound }
}

function metricsOf(
  replications: readonly ReplicationFigures[],
  all: TimeHistogram,
): NonNullable<AlgorithmResult['metrics']> {
  const quantile = (metric: 'p50' | 'p99' | 'p99.9', p: number) =>
    sectioned(
      all.quantile(p),
      replications.map((figures) => figures[metric]),
    )
  return {
    mean: summarise(
      replications.map((figures) => figures.mean),
      { scale: 'difference' },
    ),
    p50: quantile('p50', 0.5),
    p99: quantile('p99', 0.99),
    'p99.9': quantile('p99.9', 0.999),
  }
}

function timesOf(recorders: readonly Recorder[], cuts: readonly number[]): TimeHistogram {
  const times = new TimeHistogram()
  recorders.forEach(({ segments }, i) => {
    for (const one of segments.slice(cuts[i])) times.add(one)
  })
  return times
}

function figuresOf(recorder: Recorder, from: number): ReplicationFigures {
  const times = timesOf([recorder], [from])
  const firstBin = (from * binCount) / segmentCount
  const failed = sumOf(recorder.failures.subarray(from * failureKinds.length))
  return {
    mean: sumOf(recorder.sums.subarray(firstBin)) / sumOf(recorder.counts.subarray(firstBin)),
    p50: times.quantile(0.5),
    p99: times.quantile(0.99),
    'p99.9': times.quantile(0.999),
    requests: times.count + failed,
    failed,
  }
}

function kindOf(failures: Float64Array, kind: number): number {
  let sum = 0
  for (let i = kind; i < failures.length; i += failureKinds.length) sum += failures[i] as number
  return sum
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
