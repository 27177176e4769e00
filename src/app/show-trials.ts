import { forecastText } from '../../reports/commands/forecast.ts'
import { totalTime } from '../../reports/commands/schedule.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { Progress } from '../cli/progress.ts'
import { forecast } from '../experiment/run/forecast.ts'
import type { RunWatcher } from '../experiment/run/run.ts'
import { plural } from '../kit/plural.ts'
import type { Plan } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'

/**
 * Shows each trial of a run as it starts, and the forecast of a precision once there is one. With `note`, a line before the
 * first trial has the size of the run, also without a terminal.
 */
export function showTrials(
  plan: Plan,
  progress: Progress,
  { note }: Partial<Pick<Invocation, 'note'>> = {},
): RunWatcher {
  let isFirst = true
  return {
    onTrial: ({ done, of, trial }) => {
      if (isFirst) note?.(`measuring ${plural(of, 'trial')}, ${totalTime(timeOf(plan))}`)
      isFirst = false
      progress.show(`${trial.phase}: trial ${done + 1} of ${of}, ${trial.arm}`)
    },
    onBlock: (block) => {
      const found = forecast(plan, block)
      if (found) progress.log(forecastText(found))
    },
  }
}
