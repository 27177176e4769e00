import type { Algorithm, Settings } from '../../algorithms/algorithm.ts'
import { findAlgorithm } from '../../algorithms/find-algorithm.ts'
import { settingsOf } from '../../algorithms/parts/settings-of.ts'

/** The part of the settings that chooses an algorithm. */
interface AlgorithmChoice {
  readonly algorithm: string
  readonly parameters: Readonly<Record<string, number>>
}

/**
 * The algorithm that the settings name, and a value for each of its parameters.
 *
 * @throws UsageError that names the unknown algorithm or parameter
 */
export function algorithmSettings(settings: AlgorithmChoice): {
  readonly algorithm: Algorithm
  readonly parameters: Settings
} {
  const algorithm = findAlgorithm(settings.algorithm)
  return { algorithm, parameters: settingsOf(algorithm, settings.parameters) }
}
