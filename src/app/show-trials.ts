import { forecastText } from '../../reports/commands/forecast.ts'
import type { Progress } from '../cli/progress.ts'
import { forecast } from '../experiment/run/forecast.ts'
import type { RunWatcher } from '../experiment/run/run.ts'
import type { Plan } from '../plan/plan.ts'

/** Shows each trial of a run as it starts, and the forecast of a precision once there is one. */
export function showTrials(plan: Plan, progress: Progress): RunWatcher {
  return {
    onTrial: ({ done, of, trial }) =>
      progress.show(`${trial.phase}: trial ${done + 1} of ${of}, ${trial.arm}`),
    onBlock: (block) => {
      const found = forecast(plan, block)
      if (found) progress.log(forecastText(found))
    },
  }
}
