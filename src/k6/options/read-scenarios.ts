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
    startSeconds: secondsIn(scenario.startTime ?? '0s', `${where}.startTime`),
    ...executor(scenario, where),
  }
}
