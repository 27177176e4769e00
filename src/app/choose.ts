import { checkChoiceFormat, renderedChoice } from '../../reports/formats/choice/rendered-choice.ts'
import { algorithms as allAlgorithms } from '../algorithms/index.ts'
import { candidatesOf, maxCandidates } from '../choose/candidates.ts'
import { confirmationSizes } from '../choose/confirmation-plan.ts'
import { objectiveRates } from '../choose/objective-rates.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { checkOutput } from '../kit/output.ts'
import { plural } from '../kit/plural.ts'
import { grouped } from '../kit/units.ts'
import { type Objective, objectiveText, objective as parseObjective } from '../plan/objective.ts'
import type { Scenario } from '../plan/scenario.ts'
import { readScenario } from '../plan/scenarios.ts'
import type { ChoiceDocument } from '../result/choice.ts'
import type { Ranking, Simulation } from '../result/simulation.ts'
import { metricOf, outcomeOf } from '../simulator/objective-outcome.ts'
import type { SimulatedAlgorithm, World } from '../simulator/options.ts'
import { rank } from '../simulator/ranking.ts'
import { simulate } from '../simulator/simulate.ts'
import { worldText } from '../simulator/world-text.ts'
import { type ChoiceWorldFlags, choiceWorld } from './choice-world.ts'
import { confirmChoice } from './confirm-choice.ts'
import { newSeed } from './new-seed.ts'
import { outputFormat } from './output-format.ts'
import { storeDocument } from './store-document.ts'
import { reportStored } from './store-result.ts'

/** Values of the flags of `lb choose`. Times in seconds. */
interface ChooseFlags extends ChoiceWorldFlags, LiveFlags {
  readonly slo?: string | undefined
  readonly algo?: readonly string[] | undefined
  readonly 'in-use'?: string | undefined
  readonly replications: number
  readonly confirm: boolean
  readonly 'max-time': number
  readonly seed?: number | undefined
  readonly output?: string | undefined
  readonly force: boolean
  readonly keep: boolean
  readonly format: string
}

/**
 * Simulates algorithms on the arrivals of an access log or of a scenario, names the best one, and runs it on real processes beside the
 * second best and the one in use.
 *
 * @throws {UsageError} the log, the scenario or the flags cannot be used, or the load is more than the backends can serve
 */
export async function choose(
  scenarioName: string | undefined,
  flags: ChooseFlags,
  invocation: Invocation,
): Promise<ChoiceDocument> {
  const output = flags.output === undefined ? undefined : { path: flags.output, force: flags.force }
  checkChoiceFormat(flags.format)
  if (output) {
    checkChoiceFormat(outputFormat(output.path))
    await checkOutput(output)
  }
  const document = await chosen(scenarioName, flags, invocation)
  const stored = await storeDocument(document, {
    ...{ output, isKept: flags.keep },
    render: (format) => renderedChoice(format, document, fileRenderOptions),
  })
  invocation.print(await renderedChoice(flags.format, document, invocation.render))
  const keep = flags.keep ? undefined : false
  reportStored(stored, { output, keep, isComparable: false }, invocation)
  return document
}

async function chosen(
  scenarioName: string | undefined,
  flags: ChooseFlags,
  invocation: Invocation,
): Promise<ChoiceDocument> {
  const objective = flags.slo === undefined ? undefined : parseObjective(flags.slo)
  const metric = objective === undefined ? 'p99' : metricOf(objective)
  const scenario = await readScenario(scenarioName ?? backendsOf(flags), registry)
  const { seed = newSeed(), replications, confirm, 'max-time': maxSeconds } = flags
  const inUse = inUseOf(flags, scenario)
  const algorithms = algorithmsOf(flags, inUse)
  if (confirm && algorithms.length > 1) {
    confirmationSizes(Math.min(maxCandidates, algorithms.length), maxSeconds)
  }
  const { world, log } = await choiceWorld(scenario, flags, seed)
  const note = flags.progress === 'none' ? () => {} : invocation.note
  note(
    `simulating ${plural(algorithms.length, 'algorithm')} with ${grouped(world.requests)} requests, ${plural(replications, 'time')} each`,
  )
  const result = simulate({ world, algorithms, replications, seed })
  const ranking = rank(result, metric)
  const choice = { world, result, ranking, inUse, seed }
  const judged =
    objective === undefined ? {} : objectivePart(objective, choice, { replications, note })
  const confirmed = confirm
    ? await confirmChoice({ ...choice, maxSeconds, flags, invocation })
    : notRequested
  return {
    format: 'lb-choice',
    version: 1,
    simulated: true,
    ...confirmed,
    lb: invocation.version,
    command: invocation.commandLine,
    scenario: scenario.name,
    seed,
    ...(log && { log }),
    ...(inUse !== undefined && { inUse }),
    world: worldText(world),
    replications,
    requests: world.requests,
    validation: 'not validated for this load',
    result,
    ...(ranking && { ranking }),
    ...judged,
  }
}

const notRequested = { confirmed: false, notConfirmed: { code: 'not requested' } } as const

/** Whether each algorithm meets an objective, and up to which rate. */
function objectivePart(
  objective: Objective,
  {
    world,
    result,
    ranking,
    inUse,
    seed,
  }: {
    readonly world: World
    readonly result: Simulation
    readonly ranking: Ranking | undefined
    readonly inUse: string | undefined
    readonly seed: number
  },
  { replications, note }: { readonly replications: number; note(text: string): void },
): Pick<ChoiceDocument, 'objective' | 'outcomes' | 'rates'> {
  note(`searching the rates up to which ${objectiveText(objective)} is met`)
  const order =
    ranking === undefined ? [] : [ranking.best, ...ranking.others.map(({ name }) => name)]
  return {
    objective: objectiveText(objective),
    outcomes: Object.fromEntries(
      result.algorithms.map((one) => [one.name, outcomeOf(objective, one)]),
    ),
    rates: objectiveRates({
      ...{ world, objective, replications, seed },
      // The best first.
      algorithms: order.flatMap((name) => simulated([name])),
      first: ranking === undefined ? [] : [ranking.best, ...candidatesOf(ranking, inUse).names],
    }),
  }
}

/** The scenario whose backends a log is sent to. */
function backendsOf({ log }: ChooseFlags): string {
  if (log !== undefined) return 'unequal-backends'
  throw new UsageError(
    'there is no traffic to choose for',
    'give --log access.log, or a scenario such as unequal-backends or mine.yaml',
  )
}

/** The algorithm in use: by its flag, or as the only one that the scenario names; otherwise round robin, if it may be chosen. */
function inUseOf(
  { 'in-use': named, algo = ['all'] }: ChooseFlags,
  { algorithms }: Scenario,
): string | undefined {
  if (named !== undefined) return named
  const [only = 'all', ...others] = algorithms
  const likely = others.length > 0 || only === 'all' ? 'round-robin' : only
  return algo.includes('all') || algo.includes(likely) ? likely : undefined
}

function algorithmsOf(
  { algo = ['all'] }: ChooseFlags,
  inUse: string | undefined,
): SimulatedAlgorithm[] {
  const names = allAlgorithms.map(({ name }) => name)
  return simulated(
    names.filter((name) => algo.includes('all') || algo.includes(name) || name === inUse),
  )
}

/** Algorithms by name, with their usual settings. */
function simulated(names: readonly string[]): SimulatedAlgorithm[] {
  return allAlgorithms
    .filter(({ name }) => names.includes(name))
    .map((algorithm) => ({ name: algorithm.name, algorithm }))
}
