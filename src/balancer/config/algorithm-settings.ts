import type { Algorithm, Settings } from '../../algorithms/algorithm.ts'
import { findAlgorithm } from '../../algorithms/find-algorithm.ts'
import { settingsOf } from '../../algorithms/parts/settings-of.ts'
import type { BalancerSettings } from './config.ts'

/**
 * The algorithm that the settings name, and a value for each of its parameters.
 *
 * @throws UsageError that names what is not known
 */
export function algorithmSettings(settings: BalancerSettings): {
  readonly algorithm: Algorithm
  readonly parameters: Settings
} {
  const algorithm = findAlgorithm(settings.algorithm)
  return { algorithm, parameters: settingsOf(algorithm, settings.parameters) }
}
