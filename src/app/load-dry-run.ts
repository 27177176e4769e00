import { curveText } from '../../reports/sections/load/curve-text.ts'
import type { Invocation } from '../cli/invocation.ts'
import { integralAt } from '../plan/load/curve.ts'
import type { LoadPlan } from '../plan/load/load-plan.ts'

/** `--dry-run`: prints the curve of a load, and sends nothing. */
export function loadDryRun(load: LoadPlan, { print, render }: Invocation): LoadPlan {
  print(
    curveText(
      load.stages.map((stage) => ({ ...stage, sum: integralAt(stage, stage.seconds) })),
      render,
    ),
  )
  return load
}
