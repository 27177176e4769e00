import { checkChoiceFormat, renderedChoice } from '../../reports/formats/choice/rendered-choice.ts'
import { algorithms as allAlgorithms } from '../algorithms/index.ts'
import type { Invocation } from '../cli/invocation.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { percent, rounded } from '../kit/units.ts'
import { arrivalsOf, type LogArrivals, replayed } from '../logs/log-arrivals.ts'
import { logLines } from '../logs/log-lines.ts'
import { type ReadLog, readLog } from '../logs/read-log.ts'
import { objectiveText, objective as parseObjective } from '../plan/objective.ts'
import { readScenario } from '../plan/scenarios.ts'
import type { ChoiceDocument, ChoiceLog } from '../result/choice.ts'
import { metricOf, outcomeOf } from '../simulator/objective-outcome.ts'
import type { World } from '../simulator/options.ts'
import { rank } from '../simulator/ranking.ts'
import { serviceOf } from '../simulator/service-text.ts'
import { simulate } from '../simulator/simulate.ts'
import { stabilityOf } from '../simulator/stability.ts'
import { worldOf } from '../simulator/world-of-scenario.ts'
import { worldText } from '../simulator/world-text.ts'
import { newSeed } from './new-seed.ts'

/** Values of the flags of `lb choose`. Times in seconds. */
interface ChooseFlags {
  readonly log: string
  readonly 'log-format'?: string | undefined
  readonly 'allow-unparsed': boolean
  readonly speed?: number | undefined
  readonly slo?: string | undefined
  readonly algo?: readonly string[] | undefined
  readonly backends?: number | undefined
  readonly 'service-time'?: string | undefined
  readonly concurrency?: number | undefined
  readonly queue?: number | undefined
  readonly timeout?: number | undefined
  readonly requests: number
  readonly replications: number
  readonly horizon?: number | undefined
  readonly seed?: number | undefined
  readonly format: string
}

/**
 * Simulates algorithms on the arrivals and keys of an access log, and names the best one.
 *
 * @throws {UsageError} the log, the scenario or the flags cannot be used, or the load is more than the backends can serve
 */
export async function choose(
  scenarioName: string,
  flags: ChooseFlags,
  invocation: Invocation,
): Promise<ChoiceDocument> {
  checkChoiceFormat(flags.format)
  const objective = flags.slo === undefined ? undefined : parseObjective(flags.slo)
  const metric = objective === undefined ? 'p99' : metricOf(objective)
  const scenario = await readScenario(scenarioName, registry)
  const { seed = newSeed(), replications, speed = 1, horizon, requests } = flags
  const log = await readLog(logLines(flags.log), {
    format: flags['log-format'],
    maxEntries: requests,
    allowUnparsed: flags['allow-unparsed'],
  })
  const arrivals = replayed(arrivalsOf(log, seed), { speed, horizon })
  const world = worldOfLog(worldOf(scenario, { rate: 1, ...overridesOf(flags) }), arrivals)
  checkStable(world, flags)
  const result = simulate({ world, algorithms: algorithmsOf(flags), replications, seed })
  const document: ChoiceDocument = {
    format: 'lb-choice',
    version: 1,
    simulated: true,
    confirmed: false,
    lb: invocation.version,
    command: invocation.commandLine,
    scenario: scenario.name,
    seed,
    log: describedLog(log, arrivals, flags),
    objective: objective && objectiveText(objective),
    world: worldText(world),
    replications,
    requests: world.requests,
    validation: 'not validated for this load',
    result,
    ranking: rank(result, metric),
    outcomes:
      objective &&
      Object.fromEntries(result.algorithms.map((one) => [one.name, outcomeOf(objective, one)])),
  }
  invocation.print(renderedChoice(flags.format, document, invocation.render))
  return document
}

function overridesOf({ backends, concurrency, queue, timeout, ...flags }: ChooseFlags) {
  const service = flags['service-time']
  return {
    ...{ backends, queue, timeout, servers: concurrency },
    service: service === undefined ? undefined : serviceOf(service),
  }
}

/** The whole log counts, from empty queues: its load need not be steady, so that no part of it is a warm-up. */
function worldOfLog(world: World, { times, keys }: LogArrivals): World {
  return {
    ...world,
    arrivals: { kind: 'trace', times, keys },
    requests: times.length,
    warmup: 'none',
  }
}

function algorithmsOf({ algo = ['all'] }: ChooseFlags) {
  return allAlgorithms
    .filter(({ name }) => algo.includes('all') || algo.includes(name))
    .map((algorithm) => ({ name: algorithm.name, algorithm }))
}

function checkStable(world: World, { horizon }: ChooseFlags): void {
  const { rate, capacity, load } = stabilityOf(world)
  if (rate === 0) {
    throw new UsageError(
      `the log has fewer than two different arrivals${horizon === undefined ? '' : ' within the --horizon'}`,
      'give a log of several requests, or a longer --horizon',
    )
  }
  if (load < 1 || horizon !== undefined) return
  throw new UsageError(
    `the ${rounded(rate)} req/s of the log are ${percent(load)} of what the backends can serve (${rounded(capacity)} req/s): queues would grow to its end`,
    'use a scenario with your backends, a lower --speed, or simulate a limited time: --horizon 10s',
  )
}

function describedLog(
  { format, entries, lines, unparsed, firstUnparsed, isTruncated }: ReadLog,
  { times, keys }: LogArrivals,
  { log: path, speed = 1 }: ChooseFlags,
): ChoiceLog {
  return {
    ...{ path, format: format.name, lines, unparsed, firstUnparsed, isTruncated, speed },
    seconds: times.at(-1) ?? 0,
    clients: new Set(keys).size,
    isSpread: format.resolutionMs > 1,
    lacksDurations: format.time === 'end' && entries.some(({ tookMs }) => tookMs === undefined),
  }
}
