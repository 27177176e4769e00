import { forecastText } from '../../reports/commands/forecast.ts'
import { runLine, runLines } from '../../reports/commands/run-view.ts'
import { totalTime } from '../../reports/commands/schedule.ts'
import type { Invocation } from '../cli/invocation.ts'
import { forecast } from '../experiment/run/forecast.ts'
import type { RunWatcher } from '../experiment/run/run.ts'
import { plural } from '../kit/plural.ts'
import type { Plan } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'
import { liveRun } from './live-run.ts'
import type { LiveSession } from './live-session.ts'
import { followRun } from './run-state.ts'

/**
 * Shows a run while it runs, on standard error and in its live page: trials, time, estimates so far, trouble; and the forecast of a precision once there is one.
 * In a log, a line before the first trial has the size of the run.
 */
export function showTrials(
  plan: Plan,
  session: Pick<LiveSession, 'progress' | 'look' | 'signal' | 'mode' | 'page' | 'running'>,
  { note, commandLine }: Pick<Invocation, 'note' | 'commandLine'>,
): RunWatcher {
  const { progress, look, signal, mode, page, running } = session
  const follower = followRun(plan, { command: `lb ${commandLine[0] ?? ''}`.trim(), signal })
  const view = {
    lines: (columns: number) =>
      runLines({ ...follower.state(), rate: running?.rate() }, columns, look),
    line: () => runLine(follower.state()),
  }
  const live = liveRun(page, follower.state)
  const update = () => {
    progress.update()
    live.changed()
  }
  signal.addEventListener('abort', update, { once: true })
  let isFirst = true
  progress.show(view)
  live.changed()
  return {
    onTrial: ({ trial, ...counts }) => {
      if (isFirst && mode === 'plain') {
        note(`measuring ${plural(counts.of, 'trial')}, ${totalTime(timeOf(plan))}`)
      }
      isFirst = false
      follower.started(trial, counts)
      update()
    },
    onMeasured: (measurement) => {
      follower.measured(measurement)
      progress.update()
      live.measured(measurement)
    },
    onBlock: (block) => {
      const found = forecast(plan, block)
      if (found) progress.log(forecastText(found))
    },
  }
}
