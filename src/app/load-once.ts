import { onceText, type ShownVisit } from '../../reports/sections/load/once-text.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { LoadRun } from '../experiment/load/run-load.ts'
import { runOnce } from '../experiment/load/run-once.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import type { LiveSession } from './live-session.ts'

/** The visits of `--once`. */
export interface LoadOnce {
  readonly visits: readonly ShownVisit[]
}

/** `--once`: runs one visit of each journey, and shows each request, response and check. */
export async function loadOnce(
  run: Pick<LoadRun, 'plan' | 'load' | 'target'> & { readonly session: LiveSession },
  { print, render, endWith }: Invocation,
): Promise<LoadOnce> {
  const visits = await runOnce(run)
  run.session.progress.clear()
  print(onceText(visits, render))
  const failed = visits.some(({ requests }) =>
    requests.some(
      ({ failure, checks }) => failure !== undefined || checks.some(({ passed }) => !passed),
    ),
  )
  if (failed) endWith(exitCodes.checksFailed)
  return { visits }
}
