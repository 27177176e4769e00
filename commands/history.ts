import { boolean, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'

/** Shows the stored runs of a project. */
export default class History extends LbCommand {
  static override summary = 'List stored runs, show one metric over time, or remove old runs.'

  static override description = [
    '"lb bench --keep" stores its result in .lb/history of the project: one folder per run, and an index that is rebuilt when it is missing or stale.',
    'Only runs of the same scenario on the same host are compared over time.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --metric p99 --arm 'round-robin ×1'",
    '<%= config.bin %> <%= command.id %> --prune 100',
  ]

  static override flags = {
    metric: name({
      char: 'm',
      summary: 'Show this metric over time, with its level shifts.',
      helpValue: 'NAME',
      noun: 'metric',
      choices: async () => (await import('../src/experiment/gates/gate-rule.ts')).ruleNames,
    }),
    arm: string({ summary: 'Show only this arm.', helpValue: 'NAME', dependsOn: ['metric'] }),
    scenario: string({
      summary: 'Show only this scenario.',
      helpValue: 'NAME',
      dependsOn: ['metric'],
    }),
    prune: count({
      max: 1_000_000,
      summary: 'Remove all runs except the newest N.',
      helpValue: 'N',
      min: 0,
      exclusive: ['metric'],
    }),
    full: fullFlag,
    rebuild: boolean({ summary: 'Rebuild the index from the stored results.' }),
  }

  async run() {
    const { flags } = await this.parse(History)
    const { history } = await import('../src/app/history.ts')
    return history(flags, this.invocation(flags))
  }
}
