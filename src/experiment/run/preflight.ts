import { ProcessError } from '../../kit/errors.ts'
import type { PlacementHost } from '../../lab/cores.ts'
import { type Answer, firstAnswer } from '../../lab/first-response.ts'
import { openLab } from '../../lab/lab.ts'
import type { Scratch } from '../../lab/temp-dir.ts'
import type { Arm, BackendPlan, Plan } from '../../plan/plan.ts'
import type { TargetFacts } from '../../result/document.ts'
import { direct } from '../../targets/direct.ts'
import { targetNamed } from '../../targets/find-target.ts'
import { unfair } from './config-warnings.ts'
import { answersDiffer } from './responses-differ.ts'
import { placementOf } from './run.ts'

/** What to rehearse, and where. */
export interface RehearsalOrder {
  readonly plan: Plan
  readonly placing: PlacementHost
  readonly scratch: Scratch
  readonly signal: AbortSignal
}

/**
 * Starts each target once before anything is measured, and asks it and the backend that it chose the same: what
 * cannot start is known at once, and numbers of answers that differ do not compare. Nothing of it enters a trial.
 *
 * @throws {UsageError} a target cannot be set up
 * @throws {ProcessError} one could not be started, or died; its log and configuration are kept
 */
export async function rehearse(order: RehearsalOrder): Promise<TargetFacts[]> {
  const { plan } = order
  const warned = unfair(plan)
  const facts: TargetFacts[] = []
  for (const arm of firstArms(plan)) {
    const version = await targetNamed(arm.target).version()
    facts.push({
      target: arm.target,
      ...(arm.variant && { side: arm.variant.side }),
      ...(version !== undefined && { version }),
      unfair: [...(warned.get(arm.target) ?? [])],
      differs: await differences(arm, order),
    })
  }
  return facts
}

/** One arm of each program: of each target but the control, and of each side of a duel. */
function firstArms({ arms }: Plan): Arm[] {
  const programs = Map.groupBy(
    arms.filter(({ target }) => target !== direct.name),
    ({ target, variant }) => `${variant?.side} ${target}`,
  )
  return [...programs.values()].flatMap(([first]) => first ?? [])
}

async function differences(
  arm: Arm,
  { plan, placing, scratch, signal }: RehearsalOrder,
): Promise<string[]> {
  await using lab = await openLab({
    plan: { backends: plan.backends.map(calm) },
    ...{ arm, scratch, signal, settings: plan.settings },
    placement: placementOf(arm, placing),
    seed: plan.seed,
  })
  const ask = (url: URL) => firstAnswer(url, plan.request, { timeout: plan.timeout, signal })
  const through = await lab.guard(ask(lab.url)).catch((error: Error) => error)
  signal.throwIfAborted()
  if (through instanceof ProcessError) throw through
  if (through instanceof Error) return [`no answer: ${through.message}`]
  const chosen = lab.backendUrls[backendOf(through)] ?? (lab.backendUrls[0] as URL)
  return answersDiffer(through, await ask(chosen))
}

/** Backends name themselves, from 1. */
function backendOf({ headers }: Answer): number {
  return Number(headers['x-backend'] ?? 1) - 1
}

/** A backend that answers at once and never by chance with an error: what it says is all that matters here. */
function calm(backend: BackendPlan): BackendPlan {
  return { ...backend, serviceTime: { kind: 'none' }, errorRate: 0 }
}
