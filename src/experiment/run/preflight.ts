import { ProcessError } from '../../kit/errors.ts'
import type { PlacementHost } from '../../lab/cores.ts'
import { type FirstResponse, firstResponse } from '../../lab/first-response.ts'
import { openLab } from '../../lab/lab.ts'
import type { TempDir } from '../../lab/temp-dir.ts'
import type { Arm, BackendPlan, Plan } from '../../plan/plan.ts'
import type { TargetFacts } from '../../result/document.ts'
import { direct } from '../../targets/direct.ts'
import { findTarget } from '../../targets/find-target.ts'
import { configWarnings } from './config-warnings.ts'
import { responsesDiffer } from './responses-differ.ts'
import { placementOf } from './run.ts'

/** What to rehearse, and where. */
export interface PreflightOptions {
  readonly plan: Plan
  readonly placing: PlacementHost
  readonly scratch: TempDir
  readonly signal: AbortSignal
}

/**
 * Starts each target once before anything is measured, and asks it and the backend that it chose the same: what
 * cannot start is known at once, and numbers of answers that differ do not compare. Nothing of it enters a trial.
 *
 * @throws {UsageError} a target cannot be set up
 * @throws {ProcessError} one could not be started, or died; its log and configuration are kept
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
      responseDifferences: await differences(arm, options),
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
  { plan, placing, scratch, signal }: PreflightOptions,
): Promise<string[]> {
  await using lab = await openLab({
    plan: { backends: plan.backends.map(calm) },
    ...{ arm, tempDir: scratch, signal, settings: plan.settings },
    placement: placementOf(arm, placing),
    seed: plan.seed,
  })
  const ask = (url: URL) => firstResponse(url, plan.request, { timeout: plan.timeout, signal })
  const through = await lab.guard(ask(lab.url)).catch((error: Error) => error)
  signal.throwIfAborted()
  if (through instanceof ProcessError) throw through
  if (through instanceof Error) return [`no answer: ${through.message}`]
  const chosen = lab.backendUrls[backendOf(through)] ?? (lab.backendUrls[0] as URL)
  return responsesDiffer(through, await ask(chosen))
}

/** Backends name themselves, from 1. */
function backendOf({ headers }: FirstResponse): number {
  return Number(headers['x-backend'] ?? 1) - 1
}

/** A backend that answers at once and never by chance with an error: what it says is all that matters here. */
function calm(backend: BackendPlan): BackendPlan {
  return { ...backend, serviceTime: { kind: 'none' }, errorRate: 0 }
}
