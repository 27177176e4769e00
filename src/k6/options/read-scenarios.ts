import { UsageError } from '../../kit/errors.ts'
import type { K6Scenario } from '../../plan/load/k6-journey.ts'
import { executors, type OptionValues, secondsIn } from './executors.ts'

/**
 * The scenarios of k6's options: those of `scenarios`, or the one that `stages`, `duration` or `iterations` stand for.
 * @param functions the functions that the script exports
 * @throws {UsageError} an executor is unknown, a value is missing or no number, or no function has the name of `exec`
 */
export function readScenarios(
  options: OptionValues,
  functions: ReadonlySet<string>,
  file: string,
): K6Scenario[] {
  const given = options.scenarios as Readonly<Record<string, OptionValues>> | undefined
  const scenarios = given ?? { default: shortcut(options) }
  return Object.entries(scenarios).map(([name, scenario]) =>
    readScenario(name, scenario, functions, file),
  )
}

/** Options of the top level as a scenario, as k6 reads them. */
function shortcut({ stages, duration, iterations, vus = 1 }: OptionValues): OptionValues {
  if (stages !== undefined) return { executor: 'ramping-vus', stages, startVUs: vus }
  if (iterations !== undefined) {
    const limit = duration === undefined ? {} : { maxDuration: duration }
    return { executor: 'shared-iterations', iterations, vus, ...limit }
  }
  if (duration !== undefined) return { executor: 'constant-vus', duration, vus }
  return { executor: 'shared-iterations', iterations: 1, vus }
}

function readScenario(
  name: string,
  scenario: OptionValues,
  functions: ReadonlySet<string>,
  file: string,
): K6Scenario {
  const where = `${file}: options.scenarios.${name}`
  const executor = executors[String(scenario.executor)]
  if (executor === undefined)
    throw new UsageError(
      `${where}.executor is ${JSON.stringify(scenario.executor)}`,
      `executors are ${Object.keys(executors).join(', ')}`,
    )
  const exec = String(scenario.exec ?? 'default')
  if (!functions.has(exec))
    throw new UsageError(
      exec === 'default'
        ? `${file} exports no default function`
        : `${where}.exec is "${exec}", which the script does not export`,
      `it exports ${[...functions].join(', ') || 'no function'}`,
    )
  return {
    name,
    exec,
    ...(scenario.env !== undefined && { env: envIn(scenario.env, `${where}.env`) }),
    startSeconds: secondsIn(scenario.startTime ?? '0s', `${where}.startTime`),
    ...executor(scenario, where),
  }
}

/** Values of `__ENV` of a scenario: texts, and numbers as texts. */
function envIn(env: unknown, where: string): Record<string, string> {
  const entries = typeof env === 'object' && env !== null ? Object.entries(env) : undefined
  if (entries?.every(([, value]) => typeof value === 'string' || typeof value === 'number'))
    return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
  throw new UsageError(`${where} is ${JSON.stringify(env)}`, "write { NAME: 'value' }")
}

/** One line about each field of a scenario that has no effect. */
export function ignoredFields(options: OptionValues): string[] {
  const scenarios = (options.scenarios ?? {}) as Readonly<Record<string, OptionValues>>
  return Object.entries(scenarios).flatMap(([name, scenario]) =>
    Object.keys(scenario)
      .filter((field) => !readFields.includes(field))
      .map((field) => {
        const why =
          field === 'tags' ? 'figures are grouped by step and stage' : 'lb does not have it'
        return `options.scenarios.${name}.${field} has no effect: ${why}`
      }),
  )
}

/** Fields of scenarios that are read, and those about the users of k6's rates and about the end of visits, which `lb` bounds by itself. */
const readFields = [
  ...['executor', 'exec', 'env', 'startTime', 'vus', 'duration', 'stages', 'startVUs', 'rate'],
  ...['timeUnit', 'startRate', 'iterations', 'maxDuration'],
  ...['preAllocatedVUs', 'maxVUs', 'gracefulStop', 'gracefulRampDown'],
]
