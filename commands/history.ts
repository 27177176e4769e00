import { boolean, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name } from '../src/cli/flags.ts'
import type { History as Kept } from '../src/store/history.ts'
import type { Series } from '../src/store/history-series.ts'

/** What the command gives under `--json`. */
type Found = Kept | { readonly series: readonly Series[] } | { readonly removed: readonly string[] }

export default class History extends LbCommand {
  static override summary = 'List the runs that were kept, follow a metric over time, or prune.'

  static override description =
    `"lb bench --keep" keeps its result in .lb/history of the project: a folder a run, and an index that is made
again whenever it is missing or stale. Over time only runs of one scenario on one host are compared.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --metric p99 --arm 'round-robin ×1'",
    '<%= config.bin %> <%= command.id %> --prune 100',
  ]

  static override flags = {
    metric: name({
      char: 'm',
      summary: 'Show this metric over time, and where its level changed.',
      helpValue: 'NAME',
      what: 'metric',
      among: async () => (await import('../src/experiment/gates/gate-rule.ts')).ruleNames,
    }),
    arm: string({ summary: 'Only this arm.', helpValue: 'NAME', dependsOn: ['metric'] }),
    scenario: string({ summary: 'Only this scenario.', helpValue: 'NAME', dependsOn: ['metric'] }),
    prune: count({
      summary: 'Remove all runs but the newest.',
      helpValue: 'N',
      least: 0,
      exclusive: ['metric'],
    }),
    rebuild: boolean({ summary: 'Read every run again, and make the index anew.' }),
  }

  async run(): Promise<Found> {
    const { flags } = await this.parse(History)
    const { historyFolder, prune, readHistory } = await import('../src/store/history.ts')
    const folder = historyFolder(process.cwd())
    if (flags.prune !== undefined) {
      const removed = await prune(folder, flags.prune)
      const { plural } = await import('../reports/sections/words.ts')
      this.print(`Removed ${plural(removed.length, 'run')}.\n`)
      return { removed }
    }
    const history = await readHistory(folder, { rebuild: flags.rebuild })
    const { historyList, historySeries } = await import('../reports/commands/history.ts')
    if (flags.metric === undefined) {
      this.print(historyList(history, this.look(flags)))
      return history
    }
    const { metricOf } = await import('../src/experiment/gates/gate-rule.ts')
    const { seriesOf } = await import('../src/store/history-series.ts')
    const { arm, scenario } = flags
    const metric = metricOf(flags.metric)
    const series = seriesOf(history.entries, { metric, arm, scenario })
    this.print(historySeries(series, metric, this.look(flags)))
    return { series }
  }
}
