import { needsOwnSockets } from '../../driver/external/refusal.ts'
import { placementOf } from '../../lab/arm-placement.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Reason } from '../../result/reason.ts'
import { direct } from '../../targets/direct.ts'
import type { Session } from './session.ts'

/** The plan whose driver is chosen, and the session to do it in. */
export interface DriverChoiceOptions {
  readonly plan: Plan
  readonly session: Pick<Session, 'placement' | 'tempDir' | 'signal' | 'runTrial'>
}

/** The driver of the capacity phase, with the reason. */
export type DriverChoice = Extract<Reason, { code: 'driver-chosen' }>

/** Seconds of warm-up, of the window, and after which a request times out. */
const [warmup, duration, timeout] = [0.3, 0.7, 1]

/**
 * The driver of the capacity phase: that of visits where the plan has some; the plan's own; `lean` where autocannon cannot
 * reach a target as its settings require; else autocannon, unless a short trial of a target with it has another bottleneck
 * than the target. Undefined for a plan without that phase.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function chooseDriver({
  plan,
  session,
}: DriverChoiceOptions): Promise<DriverChoice | undefined> {
  const { phases, driver = 'auto' } = plan
  if (!phases.includes('capacity')) return undefined
  if (plan.visits !== undefined) {
    return { code: 'driver-chosen', values: { driver: 'visits', cause: 'journeys' } }
  }
  if (driver !== 'auto') {
    return { code: 'driver-chosen', values: { driver, cause: 'requested' } }
  }
  const { request, settings = {} } = plan
  if (Object.values(settings).some((own) => needsOwnSockets({ request, ...own }))) {
    return { code: 'driver-chosen', values: { driver: 'lean', cause: 'able' } }
  }
  for (const arm of pilots(plan.arms)) {
    if (!(await isOwnBottleneck(arm, { plan, session }))) {
      const values = { driver: 'lean', cause: 'limits', arm: arm.name } as const
      return { code: 'driver-chosen', values }
    }
  }
  return { code: 'driver-chosen', values: { driver: 'autocannon', cause: 'fast-enough' } }
}

/** One arm of each target and number of cores: algorithms differ too little. The most cores first: they ask most of the driver. */
function pilots(arms: readonly Arm[]): Arm[] {
  const measured = arms.filter(({ target }) => target !== direct.name)
  const first = new Map(measured.toReversed().map((arm) => [`${arm.target} ${arm.cores}`, arm]))
  return [...first.values()].sort((a, b) => b.cores - a.cores)
}

/** Whether the target is the bottleneck of a short trial of the arm with autocannon. */
async function isOwnBottleneck(arm: Arm, { plan, session }: DriverChoiceOptions): Promise<boolean> {
  const { placement, tempDir, signal, runTrial } = session
  const short = { ...plan, warmup: { least: warmup, most: warmup }, duration, timeout }
  const { verdict } = await runTrial({
    ...{ plan: short, arm, tempDir, signal, rate: undefined, driver: 'autocannon' },
    trial: { block: 0, arm: arm.name, phase: 'capacity', seed: plan.seed },
    placement: placementOf(arm, placement, { plan, driver: 'autocannon' }),
  })
  return verdict.bottleneck === 'target'
}
