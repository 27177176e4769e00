import {
  checkSimulationFormat,
  renderedSimulation,
} from '../../reports/formats/simulation/rendered-simulation.ts'
import { algorithms as allAlgorithms } from '../algorithms/index.ts'
import type { Invocation } from '../cli/invocation.ts'
import { defaultMode } from '../cli/progress.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import { skewOf } from '../cli/simulate-flags.ts'
import { synchronousProgress } from '../cli/synchronous-progress.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { checkOutput } from '../kit/output.ts'
import { grouped, percent, rounded } from '../kit/units.ts'
import { arrivalsOf, type LogArrivals, replayed } from '../logs/log-arrivals.ts'
import { logLines } from '../logs/log-lines.ts'
import { readLog } from '../logs/read-log.ts'
import { readScenario } from '../plan/scenarios.ts'
import type {
  Ranking,
  Simulation,
  SimulationDocument,
  SimulationMap,
} from '../result/simulation.ts'
import { simulationMap } from '../simulator/map.ts'
import type {
  Discipline,
  SimulatedAlgorithm,
  SimulationOptions,
  World,
} from '../simulator/options.ts'
import { rank } from '../simulator/ranking.ts'
import { serviceOf } from '../simulator/service-text.ts'
import { simulate as run } from '../simulator/simulate.ts'
import { stabilityOf } from '../simulator/stability.ts'
import { type WorldOverrides, worldOf } from '../simulator/world-of-scenario.ts'
import { worldText } from '../simulator/world-text.ts'
import { measuredServiceTimes } from './measured-service-times.ts'
import { newSeed } from './new-seed.ts'
import { outputFormat } from './output-format.ts'
import { storeDocument } from './store-document.ts'
import { reportStored } from './store-result.ts'

/** Values of the flags of `lb simulate`. Times in seconds. */
interface SimulateFlags extends ProgressFlags {
  readonly algo?: readonly string[] | undefined
  readonly backends?: number | undefined
  readonly 'service-time'?: string | undefined
  readonly 'service-from'?: string | undefined
  readonly discipline: Discipline
  readonly cache?: number | undefined
  /** Fraction of the service time. */
  readonly hit?: number | undefined
  readonly 'slow-start'?: number | undefined
  readonly concurrency?: number | undefined
  readonly queue?: number | undefined
  readonly log?: string | undefined
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
  const { seed = newSeed(), replications } = flags
  const world = worldOf(scenario, await overridesOf(flags, seed))
  checkStable(world, flags)
  const algorithms = algorithmsNamed(flags.algo ?? scenario.algorithms, flags)
  const options = { world, algorithms, replications, seed }
  const { map, result } = simulated(options, flags, invocation)
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

/** The map or the result, with progress on standard error. */
function simulated(
  options: SimulationOptions,
  flags: SimulateFlags,
  { json }: Invocation,
): { readonly map: SimulationMap | undefined; readonly result: Simulation | undefined } {
  const { env, stderr } = process
  const mode = flags.progress ?? defaultMode(stderr, { json, term: env.TERM })
  const cells = flags.map ? mapAxes.loads.length * mapAxes.heterogeneities.length : 1
  const all = cells * options.algorithms.length * options.replications
  let done = 0
  using progress = synchronousProgress(stderr, mode)
  const onReplication = (algorithm: string): void => {
    done++
    progress.tell(`simulated ${grouped(done)} of ${grouped(all)} replications: ${algorithm}`)
  }
  return flags.map
    ? { map: simulationMap({ ...options, ...mapAxes }, onReplication), result: undefined }
    : { map: undefined, result: run(options, onReplication) }
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

async function overridesOf(flags: SimulateFlags, seed: number): Promise<WorldOverrides> {
  const { backends, rate, load, arrivals, queue, timeout, retries, requests, horizon } = flags
  const { refresh = Number.POSITIVE_INFINITY, dispatchers: count, cache, hit = 0.1, log } = flags
  return {
    ...{ backends, rate, load, arrivals, queue, timeout, retries, requests, horizon },
    servers: flags.concurrency,
    service: await serviceTimes(flags),
    discipline: flags.discipline,
    cache: cache === undefined ? undefined : { entries: cache, hitShare: hit },
    slowStart: flags['slow-start'],
    trace: log === undefined ? undefined : await traceOf(log, flags, seed),
    keys: { count: flags.clients, skew: skewOf(flags.skew) },
    hedgeAfter: flags.hedge,
    dispatchers: count === 1 ? undefined : { count, refresh },
  }
}

async function serviceTimes(flags: SimulateFlags): Promise<WorldOverrides['service']> {
  const { 'service-time': text, 'service-from': file } = flags
  if (file !== undefined) return measuredServiceTimes(file)
  return text === undefined ? undefined : serviceOf(text)
}

/** Requests of a log that are simulated without --requests. */
const usualLogRequests = 1_000_000

async function traceOf(
  path: string,
  { requests = usualLogRequests, horizon }: SimulateFlags,
  seed: number,
): Promise<LogArrivals> {
  const log = await readLog(logLines(path), { maxEntries: requests, allowUnparsed: false })
  const arrivals = replayed(arrivalsOf(log, seed), { speed: 1, horizon })
  if (arrivals.times.length > 1) return arrivals
  throw new UsageError(
    `${path} has fewer than two arrivals${horizon === undefined ? '' : ' within the --horizon'}`,
    'give a log of several requests, or a longer --horizon',
  )
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
function checkStable(world: World, { horizon, log }: SimulateFlags): void {
  const { rate, capacity, load } = stabilityOf(world)
  if (load < 1 || horizon !== undefined || world.faults !== undefined) return
  throw new UsageError(
    `${rounded(rate)} req/s are ${percent(load)} of what the backends can serve (${rounded(capacity)} req/s): queues would grow without end`,
    log === undefined
      ? 'use a lower --rate or --load, or simulate a limited time: --horizon 10s'
      : 'use more or faster backends, or simulate a limited time: --horizon 10s',
  )
}
