import { UsageError } from '../kit/errors.ts'
import type { K6Scenario, K6Settings } from '../plan/load/k6-journey.ts'
import { combineScenarios, type Stage } from './options/combine-scenarios.ts'
import type { OptionValues } from './options/executors.ts'
import { readScenarios } from './options/read-scenarios.ts'
import { ignoredOptions, readSettings } from './options/read-settings.ts'
import { readThresholds } from './options/read-thresholds.ts'
import type { MetricKind } from './options/translate-threshold.ts'

/** A script as its own process describes it. */
export interface ScriptDescription {
  readonly file: string
  readonly text: string
  /** Its exported options; empty without them. */
  readonly options: OptionValues
  /** The functions that it exports. */
  readonly functions: readonly string[]
  /** The metrics that it declares. */
  readonly metrics: Readonly<Record<string, MetricKind>>
}

/** The load that a script asks for. */
export interface ScriptPlan {
  readonly stages: Stage[]
  readonly scenarios: readonly K6Scenario[]
  readonly thresholds: readonly string[]
  readonly settings: K6Settings
  /** Iterations after which the load ends; undefined where it ends with its stages. */
  readonly visits?: number
  /** Whether certificates are not verified. */
  readonly insecure: boolean
  /** One line each about what has no effect. */
  readonly notes: readonly string[]
}

/**
 * The load of k6's options, exactly: stages, scenarios, iterations and thresholds.
 *
 * @param timeScale factor on all durations
 * @throws {UsageError} an option is wrong, or cannot be run as k6 runs it
 */
export function scriptPlan(script: ScriptDescription, timeScale = 1): ScriptPlan {
  const { file, options } = script
  const functions = new Set(script.functions)
  const scenarios = readScenarios(options, functions, file).map((one) => scaled(one, timeScale))
  const visits = visitsOf(scenarios, file)
  return {
    stages: combineScenarios(scenarios, file),
    scenarios,
    thresholds: readThresholds(options.thresholds, script.metrics, script),
    settings: readSettings(options),
    ...(visits !== undefined && { visits }),
    insecure: options.insecureSkipTLSVerify === true,
    notes: [
      ...ignoredOptions(options),
      ...(functions.has('handleSummary')
        ? ['handleSummary() is not called: use --output, --format and --export']
        : []),
    ],
  }
}

function scaled(scenario: K6Scenario, factor: number): K6Scenario {
  return {
    ...scenario,
    startSeconds: scenario.startSeconds * factor,
    ramps: scenario.ramps.map((ramp) => ({ ...ramp, seconds: ramp.seconds * factor })),
  }
}

/** The iterations of all scenarios; undefined where they end by time. */
function visitsOf(scenarios: readonly K6Scenario[], file: string): number | undefined {
  const counted = scenarios.filter(({ iterations }) => iterations !== undefined)
  if (counted.length === 0) return undefined
  const byTime = scenarios.find(({ iterations }) => iterations === undefined)
  if (byTime !== undefined)
    throw new UsageError(
      `${file}: scenario ${byTime.name} ends by time and scenario ${counted[0]?.name} by its iterations`,
      'run them one by one, or give both a duration',
    )
  let visits = 0
  for (const { iterations, ramps } of counted) {
    if (iterations === undefined) continue
    visits += iterations.count * (iterations.of === 'each' ? (ramps[0]?.from ?? 1) : 1)
  }
  return visits
}
