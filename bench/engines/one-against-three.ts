import { fleetMargin } from '../../src/experiment/selftest/fleet-selftest.ts'
import { percent } from '../../src/kit/units.ts'
import type { LoadResult } from '../../src/result/schemas/load.ts'
import { quantile } from '../../src/stats/estimates/quantile.ts'
import { decode, merge } from '../../src/stats/histogram/histogram.ts'
import { compare } from '../../src/stats/tests/comparison.ts'
import type { LoadedServer, SlurmCluster } from '../../test/support/processes/slurm-cluster.ts'
import { startLoad } from './cluster-runs.ts'
import { namedNodes } from './named-nodes.ts'

/** Medians of one load, in µs: of its latencies, and of how late its driver was, which they include. */
interface Medians {
  readonly latency: number
  readonly lateness: number
}

/** One load by one driver, and one by three, right after each other. */
type Both = readonly [one: Medians, three: Medians]

/** Stages of each load, of a second each: connections are opened in the first. */
const stages = ['in the first second', 'in the second one']

/**
 * Whether one driver at a rate measures the same as three at a third of it: the p50 of pairs of loads, whose order
 * alternates. Returns a line for each stage of the load, and one for drivers that are named, of which none differs.
 */
export async function* oneAgainstThree(
  cluster: SlurmCluster,
  {
    rate,
    rounds,
    server: { port, serviceMs },
  }: { readonly rate: number; readonly rounds: number; readonly server: LoadedServer },
): AsyncGenerator<string> {
  const measured: Both[][] = stages.map(() => [])
  let wronglyNamed = 0
  for (let round = 0; round < rounds; round++) {
    const found = new Map<number, LoadResult>()
    for (const nodes of round % 2 === 0 ? [1, 3] : [3, 1]) {
      const { code, result } = await startLoad(
        cluster,
        nodes,
        stages.map(() => `1s@${rate}/s`),
        port,
      ).finished
      if (result === undefined) throw new Error(`a load ended with exit code ${code}`)
      found.set(nodes, result)
      if (namedNodes(result).length > 0) wronglyNamed++
    }
    for (const [i, pairs] of measured.entries()) {
      pairs.push([mediansOf(found.get(1), i), mediansOf(found.get(3), i)])
    }
  }
  for (const [i, pairs] of measured.entries()) {
    yield `one driver at ${rate}/s, three at ${Math.round(rate / 3)}/s, of a server that takes ${serviceMs} ms, ${stages[i]}: ${outcomeOf(pairs)}`
  }
  yield `equal drivers at ${rate}/s: one is named in ${wronglyNamed} of ${2 * rounds}`
}

function mediansOf(result: LoadResult | undefined, stage: number): Medians {
  const { steps = {}, lateness = '' } = result?.stages[stage] ?? {}
  const latencies = Object.values(steps).map(({ latency }) => latency)
  return {
    latency: merge(latencies).percentile(50),
    lateness: decode(lateness).percentile(50),
  }
}

function outcomeOf(pairs: readonly Both[]): string {
  const { ratio, outcome } = compare(
    pairs.map(([one, three]) => [one.latency, three.latency]),
    { better: 'less', margin: fleetMargin },
  )
  const typical = (of: (one: Medians) => number) =>
    [0, 1]
      .map(
        (side) =>
          quantile(
            pairs.map((both) => of(both[side] as Medians)),
            0.5,
          ) / 1e3,
      )
      .map((ms) => ms.toFixed(3))
      .join(' and ')
  const [center, low, high] = [ratio.center, ratio.low, ratio.high].map((one) => one.toFixed(3))
  return [
    `p50 × ${center} (${low} to ${high}): ${outcome} within ${percent(fleetMargin)}`,
    `p50 ${typical(({ latency }) => latency)} ms`,
    `of which the driver was late by ${typical(({ lateness }) => lateness)} ms`,
  ].join('; ')
}
