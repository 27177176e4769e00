import type { Margins } from '../experiment/findings/margins.ts'
import { judgeKnobs } from '../experiment/tune/judge-knobs.ts'
import { judgeScreen } from '../experiment/tune/judge-screen.ts'
import type { ScreenPlan } from '../knobs/screen-plan.ts'
import { type TunePlanOptions, tunePlan } from '../knobs/tune-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { ResultDocument } from '../result/document.ts'
import type { SkippedKnob, Tune } from '../result/tune.ts'

/** How plans are run, and the margins by which knobs are judged. */
interface ScreenRun {
  readonly margin: Margins
  run(plan: Plan): Promise<ResultDocument>
  /** Whether the run was interrupted or failed, so that nothing more is to be measured. */
  isOver(): boolean
}

/**
 * Runs a screen, and then the knobs that moved it in pairs, with every two of them at once. The document is that of the last
 * of the two runs; it holds the main effects of the screen.
 */
export async function screened(
  planned: ScreenPlan,
  options: TunePlanOptions,
  { margin, run, isOver }: ScreenRun,
): Promise<ResultDocument> {
  const startedMs = performance.now()
  const measured = await run(planned.plan)
  const screen = judgeScreen(planned, measured.trials)
  const isKept = (factor: number) => screen.effects[factor]?.isKept === true
  const left = planned.factors.flatMap(({ knob }, factor): SkippedKnob[] =>
    isKept(factor) ? [] : [{ knob: knob.name, reason: 'not-moved' }],
  )
  const skipped = [...planned.skipped, ...left]
  const values = planned.factors.filter((_, factor) => isKept(factor))
  const target = planned.plan.arms[0]?.target ?? ''
  const alone: Tune = { target, knobs: [], skipped, screen }
  if (values.length === 0 || isOver()) return { ...measured, tune: alone }
  const confirmation = tunePlan({
    ...{ ...options, chosen: { values, skipped }, isCrossed: true },
    maxSeconds: Math.max(1, options.maxSeconds - (performance.now() - startedMs) / 1000),
  })
  const confirmed = await run(confirmation.plan)
  return { ...confirmed, tune: { ...judgeKnobs(confirmation, confirmed, margin), screen } }
}
