import { UsageError } from '../kit/errors.ts'
import type { K6Scenario, K6Selector, K6Settings } from '../plan/load/k6-journey.ts'
import type { Stage, VisitLimit } from '../plan/load/load-plan.ts'
import { combineScenarios } from './options/combine-scenarios.ts'
import type { OptionValues } from './options/executors.ts'
import { ignoredFields, readScenarios } from './options/read-scenarios.ts'
import { ignoredOptions, readSettings } from './options/read-settings.ts'
import { readThresholds } from './options/read-thresholds.ts'
import type { MetricKind } from './options/translate-threshold.ts'

/** A script as its own process describes it. */
export interface ScriptDescription {
  readonly file: string
  readonly text: string
  /** Values of `__ENV`. */
  readonly env: Readonly<Record<string, string>>
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
  /** Values that its thresholds select by their tags. */
  readonly selectors: readonly K6Selector[]
  /** Names of requests that its thresholds use; its own metrics, and those of the selectors. */
  readonly steps: readonly string[]
  readonly metrics: Readonly<Record<string, MetricKind>>
  readonly settings: K6Settings
  /** Values of `__ENV`. */
  readonly env: Readonly<Record<string, string>>
  /** k6 starts iterations of a rate at equal distances. */
  readonly spacing: 'constant'
  /** Iterations after which the load ends; undefined where it ends with its stages. */
  readonly visits?: VisitLimit
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
  const { file, options, env } = script
  const functions = new Set(script.functions)
  const scenarios = readScenarios(options, functions, file).map((one) => scaled(one, timeScale))
  const visits = visitsOf(scenarios, file)
  const translated = readThresholds(options.thresholds, script.metrics, script)
  const thresholds = translated.map(({ text }) => text)
  const selectors = uniqueByName(translated.flatMap(({ selector }) => selector ?? []))
  const metrics = {
    ...script.metrics,
    ...Object.fromEntries(selectors.map(({ name, kind }) => [name, kind])),
  }
  return {
    stages: combineScenarios(scenarios, file),
    ...{ thresholds, selectors, metrics, steps: stepsIn(thresholds, metrics) },
    ...{ scenarios, env, spacing: 'constant' },
    settings: readSettings(options),
    ...(visits !== undefined && { visits }),
    insecure: options.insecureSkipTLSVerify === true,
    notes: [
      ...ignoredOptions(options),
      ...ignoredFields(options),
      ...translated.flatMap(({ note }) => note ?? []),
    ],
  }
}

/** Several thresholds may be about the same values. */
function uniqueByName(selectors: readonly K6Selector[]): K6Selector[] {
  return [...new Map(selectors.map((one) => [one.name, one])).values()]
}

/** The names after `of` in thresholds that are no metrics. */
function stepsIn(
  thresholds: readonly string[],
  metrics: Readonly<Record<string, MetricKind>>,
): string[] {
  return thresholds
    .map((text) => / of "(.*)" [<>]/.exec(text)?.[1])
    .filter((name) => name !== undefined)
    .filter((name) => !Object.hasOwn(metrics, name))
}

function scaled(scenario: K6Scenario, factor: number): K6Scenario {
  return {
    ...scenario,
    startSeconds: scenario.startSeconds * factor,
    ramps: scenario.ramps.map((ramp) => ({ ...ramp, seconds: ramp.seconds * factor })),
  }
}

/** The iterations of all scenarios; undefined where they end by time. */
function visitsOf(scenarios: readonly K6Scenario[], file: string): VisitLimit | undefined {
  const counted = scenarios.flatMap(({ iterations, ramps }) =>
    iterations === undefined ? [] : [{ ...iterations, users: ramps[0]?.from ?? 1 }],
  )
  const [first] = counted
  if (first === undefined) return undefined
  const byTime = scenarios.find(({ iterations }) => iterations === undefined)
  if (byTime !== undefined)
    throw new UsageError(
      `${file}: scenario ${byTime.name} ends by time, and others by their iterations`,
      'run them one by one, or give all of them a duration',
    )
  if (counted.length === 1) return { count: first.count, of: first.of }
  const count = counted.reduce(
    (sum, { count, of, users }) => sum + count * (of === 'each' ? users : 1),
    0,
  )
  return { count, of: 'all' }
}
