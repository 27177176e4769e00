import { algorithmsReference } from './algorithms.ts'
import { balancerConfigurationReference } from './balancer-configuration.ts'
import { cliReference } from './cli.ts'
import { metricsReference } from './metrics.ts'
import { reasonsReference } from './reasons.ts'
import { scenariosReference } from './scenarios.ts'

/** Every document that is generated from the code: its path in docs/reference, and its text. */
export const references: Readonly<Record<string, () => string | Promise<string>>> = {
  'algorithms.md': algorithmsReference,
  'balancer-configuration.md': balancerConfigurationReference,
  'cli.md': cliReference,
  'metrics.md': metricsReference,
  'reasons.md': reasonsReference,
  'scenarios.md': scenariosReference,
}
