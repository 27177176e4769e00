import { historyList, historySeries } from '../../reports/commands/history.ts'
import type { Invocation } from '../cli/invocation.ts'
import { metricOf } from '../experiment/gates/gate-rule.ts'
import { plural } from '../kit/plural.ts'
import { type History, historyFolder, prune, readHistory } from '../store/history.ts'
import { type Series, seriesOf } from '../store/history-series.ts'

/** Values of the flags of `lb history`. */
interface HistoryFlags {
  readonly metric?: string | undefined
  readonly arm?: string | undefined
  readonly scenario?: string | undefined
  /** How many runs to keep. */
  readonly prune?: number | undefined
  readonly rebuild: boolean
}

/** Lists the stored runs of the project, shows one metric over time, or removes old runs. */
export async function history(
  flags: HistoryFlags,
  { print, render }: Invocation,
): Promise<
  History | { readonly series: readonly Series[] } | { readonly removed: readonly string[] }
> {
  const folder = historyFolder(process.cwd())
  if (flags.prune !== undefined) {
    const removed = await prune(folder, flags.prune)
    print(`Removed ${plural(removed.length, 'run')}.\n`)
    return { removed }
  }
  const stored = await readHistory(folder, { rebuild: flags.rebuild })
  if (flags.metric === undefined) {
    print(historyList(stored, render))
    return stored
  }
  const metric = metricOf(flags.metric)
  const { arm, scenario } = flags
  const series = seriesOf(stored.entries, { metric, arm, scenario })
  print(historySeries(series, metric, render))
  return { series }
}
