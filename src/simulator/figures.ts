import {
  type AlgorithmResult,
  failureKinds,
  type ReplicationFigures,
} from '../result/simulation.ts'
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
  const { segment, isSteady } = warmupOf(recorders, world)
  const replications = recorders.map((recorder) => figuresOf(recorder, segment))
  const measured = replications.every(({ requests, failed }) => requests > failed)
  const metric = (of: 'mean' | 'p50' | 'p99' | 'p99.9') =>
    summarise(
      replications.map((figures) => figures[of]),
      { scale: 'difference' },
    )
  const all = (of: (recorder: Recorder) => number) =>
    recorders.reduce((sum, recorder) => sum + of(recorder), 0)
  const requests = world.requests * recorders.length
  const attempts = all(({ picks }) => sumOf(picks))
  const lookups = all((recorder) => recorder.lookups)
  return {
    name,
    algorithm: algorithm.name,
    metrics: measured
      ? { mean: metric('mean'), p50: metric('p50'), p99: metric('p99'), 'p99.9': metric('p99.9') }
      : undefined,
    replications,
    warmup: segment / segmentCount,
    isSteady,
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

/**
 * The segment with which the steady part begins: MSER-5 on the series of mean times, averaged over the replications, so that
 * no replication's own course decides what is cut from it.
 */
function warmupOf(
  recorders: readonly Recorder[],
  { warmup = 'mser' }: World,
): { segment: number; isSteady: boolean } {
  if (warmup === 'none') return { segment: 0, isSteady: true }
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

function figuresOf(recorder: Recorder, from: number): ReplicationFigures {
  const times = new TimeHistogram()
  for (const segment of recorder.segments.slice(from)) times.add(segment)
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
