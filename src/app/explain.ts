import { workedExample as exampleText } from '../../reports/commands/worked-example.ts'
import { type WorkedExample, workedExample } from '../algorithms/explain/worked-example.ts'
import { findAlgorithm } from '../algorithms/find-algorithm.ts'
import type { Invocation } from '../cli/invocation.ts'

/** Values of the flags of `lb explain`: lists with one number per backend, or numbers of backends. */
interface ExplainFlags {
  readonly weights: readonly number[]
  /** Numbers of the backends that are down, from 1. */
  readonly down?: readonly number[] | undefined
  readonly 'in-flight'?: readonly number[] | undefined
  /** Seconds; 0 for a backend without a response so far. */
  readonly latency?: readonly number[] | undefined
  /** How many requests to balance. */
  readonly picks: number
  readonly seed: number
}

/**
 * Shows which backends an algorithm picks in a small example.
 *
 * @throws {UsageError} there is no such algorithm, or it cannot work with these backends
 */
export async function explain(
  algorithm: string,
  flags: ExplainFlags,
  { print, render }: Invocation,
): Promise<WorkedExample> {
  const { weights, down = [], 'in-flight': inFlight = [], latency = [], picks, seed } = flags
  const example = workedExample(findAlgorithm(algorithm), {
    ...{ weights, down, inFlight, latencies: latency, picks, seed },
  })
  print(exampleText(example, render))
  return example
}
