import { runLine, runLines, type TrialFigures } from '../../reports/commands/run-view.ts'
import { trialFigures } from '../../reports/commands/trial-figures.ts'
import { trialCauses } from '../../reports/sections/causes.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { CapacityOptions, SearchProgress } from '../experiment/capacity/capacity.ts'
import { rounded } from '../kit/units.ts'
import type { Plan } from '../plan/plan.ts'
import type { Measurement } from '../result/document.ts'
import { liveRun } from './live-run.ts'
import type { LiveSession } from './live-session.ts'

/** Shows a search for capacity while it runs: the rate of the trial, the bounds so far, the last figures, trouble. */
export function showSearch(
  plan: Plan,
  { progress, look, signal, page }: Pick<LiveSession, 'progress' | 'look' | 'signal' | 'page'>,
  { commandLine }: Pick<Invocation, 'commandLine'>,
): Pick<CapacityOptions, 'onTrial' | 'onMeasured'> {
  const begunMs = performance.now()
  const measured: Measurement[] = []
  const figures: TrialFigures[] = []
  let current = 'finding the highest rate of the driver'
  const state = () => ({
    title: `lb ${commandLine[0] ?? ''}  ${plan.scenario}`,
    elapsed: (performance.now() - begunMs) / 1000,
    left: undefined,
    done: measured.length,
    of: undefined,
    current,
    arms: [],
    figures,
    troubles: trialCauses(measured).map(({ words }) => words),
    isStopping: signal.aborted,
  })
  const live = liveRun(page, state)
  const update = () => {
    progress.update()
    live.changed()
  }
  signal.addEventListener('abort', update, { once: true })
  progress.show({
    lines: (columns) => runLines(state(), columns, look),
    line: () => runLine(state()),
  })
  live.changed()
  return {
    onTrial(next) {
      current = searchText(next)
      update()
    },
    onMeasured(measurement) {
      measured.push(measurement)
      figures.push(trialFigures(measurement))
      progress.update()
      live.measured(measurement)
    },
  }
}

/** `trial 7: 4,000 req/s (bisect); met up to 3,500, missed from 4,600 req/s`. */
function searchText({ done, rate, why, low, high }: SearchProgress): string {
  const found = [
    ...(low === undefined ? [] : [`met up to ${rounded(low)}`]),
    ...(high === undefined ? [] : [`missed from ${rounded(high)}`]),
  ]
  const bounds = found.length === 0 ? '' : `; ${found.join(', ')} req/s`
  return `trial ${done + 1}: ${rounded(rate)} req/s (${why})${bounds}`
}
