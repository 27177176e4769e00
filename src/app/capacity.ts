import { capacityText } from '../../reports/commands/capacity.ts'
import type { EngineFlags } from '../cli/engine-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LiveFlags } from '../cli/live-flag.ts'
import type { RequestFlags } from '../cli/request-flags.ts'
import { readTargetSettings, type UrlFlags } from '../cli/target-flags.ts'
import { capacity as findCapacity, searchBounds } from '../experiment/capacity/capacity.ts'
import { checkPlan } from '../experiment/run/check-plan.ts'
import { planFor } from '../experiment/run/plan-for.ts'
import { UsageError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { objective } from '../plan/objective.ts'
import type { Plan } from '../plan/plan.ts'
import type { Capacity } from '../result/capacity.ts'
import { engineFor } from './engine-for.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { requestOverrides } from './request-overrides.ts'
import { showSearch } from './show-search.ts'

/** Values of the flags of `lb capacity`. Times in seconds, rates in requests per second. */
interface CapacityFlags extends RequestFlags, LiveFlags, UrlFlags, EngineFlags {
  readonly slo: readonly string[]
  readonly algo: string
  readonly target: string
  readonly cores: number
  readonly scenario: string
  readonly duration: number
  readonly warmup: number
  readonly start: number
  readonly 'max-time': number
  readonly seed?: number | undefined
  readonly 'dry-run': boolean
}

/** The upper bounds of a search. */
interface SearchBounds {
  readonly maxTrials: number
  readonly maxSeconds: number
}

/**
 * Searches for the highest rate at which a balancer meets its objectives, and reports the curve.
 *
 * @throws {UsageError} an objective or the scenario cannot be used
 * @throws {ProcessError} a process could not be started, or died
 */
export async function capacity(
  flags: CapacityFlags,
  invocation: Invocation,
): Promise<Capacity | SearchBounds> {
  const objectives = flags.slo.map(objective)
  const { duration, warmup, start, 'max-time': maxSeconds } = flags
  const target = flags.url === undefined ? flags.target : 'url'
  const plan = await planFor({
    scenario: flags.scenario,
    seed: flags.seed ?? newSeed(),
    overrides: {
      ...{ algorithms: [flags.algo], targets: [target], cores: [flags.cores] },
      ...{ duration, warmup, phase: 'latency', rate: start, control: false, trials: 1 },
      request: await requestOverrides(flags),
      timeout: flags.timeout,
      settings: await readTargetSettings(flags),
    },
  })
  if (plan.visits !== undefined) {
    throw new UsageError(
      `scenario ${flags.scenario} has journeys, and "lb capacity" searches a rate of single requests`,
      'use "lb bench", or "lb load --shape knee"',
    )
  }
  if (flags['dry-run']) return dryRun(plan, flags, invocation)
  await checkPlan({ ...plan, stop: undefined })

  const engine = await engineFor(flags, plan, maxSeconds)
  await using session = await openLiveSession(flags, invocation, { engine })
  const failures: Error[] = []
  const found = await findCapacity({
    ...{ plan, session, objectives, start, maxSeconds },
    ...showSearch(plan, session, invocation),
    onFailure: (error) => failures.push(error),
  })
  session.progress.clear()
  invocation.print(capacityText(found, invocation.render))
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  else if (found.reason === 'invalid trials') invocation.endWith(exitCodes.invalid)
  else if (found.low === undefined) invocation.endWith(exitCodes.checksFailed)
  for (const error of failures) invocation.fail(error)
  const how = session.signal.aborted ? 'search stopped' : 'search ended'
  await session.page?.end({ message: `${how}: its result is in the output of the command` })
  return found
}

function dryRun(plan: Plan, flags: CapacityFlags, { print }: Invocation): SearchBounds {
  const { maxTrials, maxSeconds } = searchBounds(plan, flags.start)
  const limit = flags['max-time']
  print(
    [
      `At most ${maxTrials} trials and ${Math.ceil(maxSeconds)} s, often half of that;`,
      'more if trials are invalid or contradict each other.',
      `Ends after ${Math.ceil(limit)} s in any case.\n`,
    ].join(' '),
  )
  return { maxTrials, maxSeconds: Math.min(maxSeconds, limit) }
}
