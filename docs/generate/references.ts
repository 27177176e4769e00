import { algorithmsReference } from './algorithms.ts'
import { balancerConfigurationReference } from './balancer-configuration.ts'
import { cliReference } from './cli.ts'
import { exitCodesReference } from './exit-codes.ts'
import { failureReasonsReference } from './failure-reasons.ts'
import { grafanaDashboard } from './grafana-dashboard.ts'
import { metricsReference } from './metrics.ts'
import { alertRules, prometheusConfiguration, recordingRules } from './prometheus-rules.ts'
import { reasonsReference } from './reasons.ts'
import { resultReference } from './result.ts'
import { resultSchema } from './result-schema.ts'
import { scenariosReference } from './scenarios.ts'
import { glossaryWithCodes } from './verdict-codes.ts'

/** Every document that is generated from the code: its path in docs, and its text. */
export const references: Readonly<Record<string, () => string | Promise<string>>> = {
  '../dashboards/alerts.yml': alertRules,
  '../dashboards/lb-balancer.json': grafanaDashboard,
  '../dashboards/prometheus.yml': prometheusConfiguration,
  '../dashboards/rules.yml': recordingRules,
  'glossary.md': glossaryWithCodes,
  'reference/algorithms.md': algorithmsReference,
  'reference/balancer-configuration.md': balancerConfigurationReference,
  'reference/cli.md': cliReference,
  'reference/exit-codes.md': exitCodesReference,
  'reference/failure-reasons.md': failureReasonsReference,
  'reference/metrics.md': metricsReference,
  'reference/reasons.md': reasonsReference,
  'reference/result.md': resultReference,
  'reference/result.schema.json': resultSchema,
  'reference/scenarios.md': scenariosReference,
}
