import { ProcessError } from '../../kit/errors.ts'
import { placementOf } from '../../lab/arm-placement.ts'
import { openLab } from '../../lab/lab.ts'
import type { Arm, BackendPlan, Plan } from '../../plan/plan.ts'
import { type Transport, transportOf } from '../../plan/transport.ts'
import type { TargetFacts } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import { direct } from '../../targets/direct.ts'
import { findTarget } from '../../targets/find-target.ts'
import { type FirstResponse, firstResponse } from '../../targets/first-response.ts'
import { configWarnings } from './config-warnings.ts'
import { responsesDiffer } from './responses-differ.ts'
import type { Session } from './session.ts'

/** The plan whose targets are checked, and the session to do it in. */
export interface PreflightOptions {
  readonly plan: Plan
  readonly session: Pick<Session, 'placement' | 'tempDir' | 'signal'> &
    Partial<Pick<Session, 'beds' | 'spares'>>
}

/**
 * Starts each target once before the trials, and sends the same request to it and to the backend that it chose: a
 * target that cannot start fails at once, and one whose response differs is not comparable. The response of a server that
 * runs already, with backends of its own, is not compared. Nothing of it enters a
 * trial.
 *
 * @throws {UsageError} a target cannot be set up
 * @throws {ProcessError} a target could not be started, or died; its log and configuration are kept
 */
export async function preflight(options: PreflightOptions): Promise<TargetFacts[]> {
  const { plan } = options
  const warned = configWarnings(plan)
  const facts: TargetFacts[] = []
  for (const arm of firstArms(plan)) {
    const version = await findTarget(arm.target).version()
    facts.push({
      target: arm.target,
      ...(arm.variant && { side: arm.variant.side }),
      ...(version !== undefined && { version }),
      configWarnings: [...(warned.get(arm.target) ?? [])],
      ...(hasOwnBackends(arm) && { ownBackends: true as const }),
      responseDifferences: await differences(arm, options),
    })
  }
  return facts
}

/** The first arm of each program: of each target except the control, and of each side of an A/B comparison. */
function firstArms({ arms }: Plan): Arm[] {
  const programs = Map.groupBy(
    arms.filter(({ target }) => target !== direct.name),
    ({ target, variant }) => `${variant?.side} ${target}`,
  )
  return [...programs.values()].flatMap(([first]) => first ?? [])
}

async function differences(arm: Arm, { plan, session }: PreflightOptions): Promise<Reason[]> {
  const { placement, tempDir, signal, beds, spares } = session
  await using lab = await openLab({
    plan: { backends: plan.backends.map(withoutDelay) },
    ...{ arm, tempDir, signal, beds, spares, settings: plan.settings },
    placement: placementOf(arm, placement, { plan, driver: plan.driver ?? 'auto' }),
    seed: plan.seed,
  })
  const { timeout, settings } = plan
  const request = (url: URL, transport: Transport = {}) =>
    firstResponse(url, plan.request, { ...transport, timeout, signal })
  const through = await lab
    .guard(request(lab.url, transportOf(settings?.[arm.target])))
    .catch((error: Error) => error)
  signal.throwIfAborted()
  if (through instanceof ProcessError) throw through
  lab.keepTestBed()
  if (through instanceof Error) {
    return [{ code: 'no-response', values: { detail: through.message } }]
  }
  if (hasOwnBackends(arm)) return []
  const chosen = lab.backendUrls[backendOf(through)] ?? (lab.backendUrls[0] as URL)
  return responsesDiffer(through, await request(chosen))
}

/** Whether a target was not started by lb: what is behind it is unknown. */
function hasOwnBackends({ target }: Arm): boolean {
  return findTarget(target).needs === 'url'
}

/** Index of the backend that responded; backends send their number, from 1. */
function backendOf({ headers }: FirstResponse): number {
  return Number(headers['x-backend'] ?? 1) - 1
}

/** The backend without service time and random errors: only its response matters here. */
function withoutDelay(backend: BackendPlan): BackendPlan {
  return { ...backend, serviceTime: { kind: 'none' }, errorRate: 0 }
}
