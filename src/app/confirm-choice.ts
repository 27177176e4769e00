import { algorithms as allAlgorithms } from '../algorithms/index.ts'
import { candidatesOf } from '../choose/candidates.ts'
import { confirmationPlan } from '../choose/confirmation-plan.ts'
import { confirmedMetric, judgeConfirmation } from '../choose/judge-confirmation.ts'
import { scaledWorld } from '../choose/scaled-world.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import { checkPlan } from '../experiment/run/check-plan.ts'
import { experiment } from '../experiment/run/experiment.ts'
import type { Session } from '../experiment/run/session.ts'
import { LbError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { availableCpus } from '../lab/available-cpus.ts'
import type { Plan } from '../plan/plan.ts'
import type { ChoiceDocument } from '../result/choice.ts'
import type { ResultDocument } from '../result/document.ts'
import type { NotConfirmed } from '../result/schemas/confirmation.ts'
import type { Ranking, Simulation } from '../result/simulation.ts'
import type { World } from '../simulator/options.ts'
import { simulate } from '../simulator/simulate.ts'
import { stabilityOf } from '../simulator/stability.ts'
import { worldText } from '../simulator/world-text.ts'
import { openLiveSession } from './live-session.ts'
import { showTrials } from './show-trials.ts'

/** A choice by simulation, and how it is confirmed. */
interface ConfirmOptions {
  readonly world: World
  readonly ranking: Ranking | undefined
  readonly inUse: string | undefined
  readonly seed: number
  readonly maxSeconds: number
  readonly flags: LiveFlags
  readonly invocation: Invocation
  /** Runs the plan; replaced by tests that start no processes. */
  readonly run?: typeof runTrials
}

/** The part of a choice that says whether it is confirmed. */
type Confirmed = Pick<ChoiceDocument, 'confirmed' | 'confirmation' | 'notConfirmed'>

/** Replications of the simulation that stands beside the trials, each as long as one of these. */
const replications = 40

/**
 * Runs the best algorithms of a choice and the one in use on real processes, and simulates the same. An error does not lose the choice: it
 * is reported, and the choice is not confirmed.
 */
export async function confirmChoice(options: ConfirmOptions): Promise<Confirmed> {
  const { world, ranking, inUse, invocation } = options
  if (ranking === undefined) return unconfirmed('no result')
  if (world.faults !== undefined) return unconfirmed('faults')
  if (stabilityOf(world).load >= 1) return unconfirmed('overload')
  const { names, leftOut } = candidatesOf(ranking, inUse)
  if (names.length < 2) return unconfirmed('too few algorithms')
  const { world: scaled, scale } = scaledWorld(world, availableCpus().count)
  try {
    const { seed, maxSeconds, run = runTrials } = options
    const plan = confirmationPlan({ world: scaled, algorithms: names, maxSeconds, seed })
    const { measured, noise } = await run(plan, options)
    if (measured.trials.length === 0) return unconfirmed('interrupted')
    const confirmation = judgeConfirmation({
      ...{ measured, noise, names, leftOut, inUse, scale },
      simulated: simulated(scaled, { plan, names, seed }),
      metric: confirmedMetric(ranking.metric),
      world: worldText(scaled),
    })
    return { confirmed: confirmation.outcome === 'confirmed', confirmation }
  } catch (error) {
    if (!(error instanceof LbError)) throw error
    invocation.fail(error)
    return unconfirmed('failed', error.message)
  }
}

function unconfirmed(code: NotConfirmed['code'], detail?: string): Confirmed {
  return { confirmed: false, notConfirmed: { code, ...(detail !== undefined && { detail }) } }
}

/** Trials of a confirmation, and the noise floor of the host. */
interface MeasuredTrials {
  readonly measured: ResultDocument
  readonly noise: Session['noise']
}

async function runTrials(
  plan: Plan,
  { flags, invocation }: Pick<ConfirmOptions, 'flags' | 'invocation'>,
): Promise<MeasuredTrials> {
  await checkPlan(plan)
  await using session = await openLiveSession(flags, invocation)
  const measured = await experiment({
    ...{ plan, session, lb: invocation.version, command: invocation.commandLine },
    watcher: showTrials(plan, session, invocation),
    onFailure: (error) => invocation.fail(error),
  })
  session.progress.clear()
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  else if (!measured.trials.some(({ verdict }) => verdict.valid)) {
    invocation.endWith(exitCodes.invalid)
  }
  return { measured, noise: session.noise }
}

/** The same backends, rate, algorithms and length of a trial, in simulated time. */
function simulated(
  world: World,
  { plan, names, seed }: { readonly plan: Plan; readonly names: readonly string[]; seed: number },
): Simulation {
  const { rate } = stabilityOf(world)
  return simulate({
    world: { ...world, requests: Math.ceil(rate * (plan.warmup.least + plan.duration)) },
    algorithms: allAlgorithms
      .filter(({ name }) => names.includes(name))
      .map((algorithm) => ({ name: algorithm.name, algorithm })),
    replications,
    seed,
  })
}
