import {
  checkSimulationFormat,
  renderedSimulation,
} from '../../reports/formats/simulation/rendered-simulation.ts'
import { algorithms as allAlgorithms } from '../algorithms/index.ts'
import type { Invocation } from '../cli/invocation.ts'
import { skewOf } from '../cli/simulate-flags.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { checkOutput } from '../kit/output.ts'
import { percent, rounded } from '../kit/units.ts'
import { readScenario } from '../plan/scenarios.ts'
import type { Ranking, Simulation, SimulationDocument } from '../result/simulation.ts'
import { simulationMap } from '../simulator/map.ts'
import type { SimulatedAlgorithm, World } from '../simulator/options.ts'
import { rank } from '../simulator/ranking.ts'
import { serviceOf } from '../simulator/service-text.ts'
import { simulate as run } from '../simulator/simulate.ts'
import { stabilityOf } from '../simulator/stability.ts'
import { worldOf } from '../simulator/world-of-scenario.ts'
import { worldText } from '../simulator/world-text.ts'
import { newSeed } from './new-seed.ts'
import { outputFormat } from './output-format.ts'
import { storeDocument } from './store-document.ts'
import { reportStored } from './store-result.ts'

/** Values of the flags of `lb simulate`. Times in seconds. */
interface SimulateFlags {
  readonly algo?: readonly string[] | undefined
  readonly backends?: number | undefined
  readonly 'service-time'?: string | undefined
  readonly concurrency?: number | undefined
  readonly queue?: number | undefined
  readonly rate?: number | undefined
  readonly load?: number | undefined
  readonly arrivals?: 'constant' | 'poisson' | 'bursts' | 'sessions' | undefined
  readonly clients: number
  readonly skew: string
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly hedge?: number | undefined
  readonly dispatchers: number
  readonly refresh?: number | undefined
  readonly ties: 'turns' | 'random'
  readonly requests?: number | undefined
  readonly replications: number
  readonly horizon?: number | undefined
  readonly map: boolean
  readonly seed?: number | undefined
  readonly output?: string | undefined
  readonly force: boolean
  readonly keep: boolean
  readonly format: string
}

/**
 * Simulates algorithms on a scenario, and reports the times of requests.
 *
 * @throws {UsageError} the scenario or the flags cannot be simulated, or the load is more than the backends can serve
 */
export async function simulate(
  scenarioName: string,
  flags: SimulateFlags,
  invocation: Invocation,
): Promise<SimulationDocument> {
  const output = flags.output === undefined ? undefined : { path: flags.output, force: flags.force }
  checkSimulationFormat(flags.format)
  if (output) {
    checkSimulationFormat(outputFormat(output.path))
    await checkOutput(output)
  }
  const scenario = await readScenario(scenarioName, registry)
  const world = worldOf(scenario, overridesOf(flags))
  checkStable(world, flags)
  const { seed = newSeed(), replications } = flags
  const algorithms = algorithmsNamed(flags.algo ?? scenario.algorithms, flags)
  const options = { world, algorithms, replications, seed }
  const map = flags.map ? simulationMap({ ...options, ...mapAxes }) : undefined
  const result = map === undefined ? run(options) : undefined
  const rankings = result === undefined ? [] : rankingsOf(result)
  const document: SimulationDocument = {
    format: 'lb-simulation',
    version: 1,
    simulated: true,
    lb: invocation.version,
    command: invocation.commandLine,
    scenario: scenario.name,
    seed,
    world: worldText(world),
    replications,
    requests: world.requests,
    validation: 'not validated for this load',
    result,
    rankings,
    map,
  }
  const stored = await storeDocument(document, {
    ...{ output, isKept: flags.keep },
    render: (format) => renderedSimulation(format, document, fileRenderOptions),
  })
  invocation.print(await renderedSimulation(flags.format, document, invocation.render))
  const keep = flags.keep ? undefined : false
  reportStored(stored, { output, keep, isComparable: false }, invocation)
  return document
}

/** The loads and heterogeneities of a map. */
const mapAxes = {
  loads: [0.3, 0.5, 0.7, 0.8, 0.9, 0.95],
  heterogeneities: [1, 1.5, 2, 4, 8],
  metric: 'p99',
} as const

function rankingsOf(result: Simulation): Ranking[] {
  return (['p99', 'mean'] as const).flatMap((metric) => rank(result, metric) ?? [])
}

function overridesOf(flags: SimulateFlags) {
  const { backends, rate, load, arrivals, queue, timeout, retries, requests, horizon } = flags
  const { refresh = Number.POSITIVE_INFINITY, dispatchers: count } = flags
  const service = flags['service-time']
  return {
    ...{ backends, rate, load, arrivals, queue, timeout, retries, requests, horizon },
    servers: flags.concurrency,
    service: service === undefined ? undefined : serviceOf(service),
    keys: { count: flags.clients, skew: skewOf(flags.skew) },
    hedgeAfter: flags.hedge,
    dispatchers: count === 1 ? undefined : { count, refresh },
  }
}

function algorithmsNamed(
  names: readonly string[],
  { ties }: Pick<SimulateFlags, 'ties'>,
): SimulatedAlgorithm[] {
  const isAll = names.includes('all')
  return allAlgorithms
    .filter(({ name }) => isAll || names.includes(name))
    .map((algorithm) => ({
      name: algorithm.name,
      algorithm,
      ...(ties === 'random' && 'ties' in algorithm.parameters && { settings: { ties: 1 } }),
    }))
}

/** An unstable load has no steady state: it is refused before the run, unless it is to be cut off. */
function checkStable(world: World, { horizon }: SimulateFlags): void {
  const { rate, capacity, load } = stabilityOf(world)
  if (load < 1 || horizon !== undefined || world.faults !== undefined) return
  throw new UsageError(
    `${rounded(rate)} req/s are ${percent(load)} of what the backends can serve (${rounded(capacity)} req/s): queues would grow without end`,
    'use a lower --rate or --load, or simulate a limited time: --horizon 10s',
  )
}
