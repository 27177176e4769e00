import { boolean, string } from '@oclif/core/flags'
import { abFlags } from '../src/cli/ab-flags.ts'
import { algorithmsFlag, formatFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { gateFlags } from '../src/cli/gate-flags.ts'
import { dryRunFlag, keepFlag, planFlags } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Measures two versions of a balancer in one job. */
export default class Ci extends LbCommand {
  static override summary =
    'Compare two versions of a balancer (A/B) in one CI job, and fail on a regression.'

  static override description = [
    'Base is the old version, head the new one.',
    'In the repository of lb it builds two commits; in any other it takes two configurations or commands, and measures both in the same blocks, so that drift of the machine affects both.',
    'Uncommitted changes are not built.',
    'Without --fail-on it fails on cpu>+5%, and with 4 CPUs or more on throughput<-5%.',
    'Writes result.json, comment.md and junit.xml, and the job summary of GitHub Actions.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %> --base origin/main',
    "<%= config.bin %> <%= command.id %> --base main --fail-on 'cpu>+3%' --fail-on 'p99>+10%' --on-inconclusive fail",
    `<%= config.bin %> <%= command.id %> --head-config '{"retries":{"tries":1}}'`,
    "<%= config.bin %> <%= command.id %> --base-command './old --port {port} --to {backends}' --head-command './new --port {port} --to {backends}'",
  ]

  static override flags = {
    ...abFlags,
    ...gateFlags,
    scenario: string({
      helpGroup: 'TARGET',
      char: 's',
      summary: 'Shipped scenario (see "lb list scenarios"), or path of a YAML file.',
      helpValue: 'NAME|FILE',
      default: 'ci',
    }),
    algo: algorithmsFlag,
    ...planFlags,
    trials: count({
      helpGroup: 'TRUST',
      max: bounds.trials,
      summary: 'Pairs of trials (base and head) of each arm in each phase.',
      helpValue: 'N',
      min: 2,
    }),
    'dry-run': dryRunFlag,
    output: string({
      helpGroup: 'OUTPUT',
      char: 'o',
      summary: 'Folder for result.json, comment.md and junit.xml.',
      helpValue: 'FOLDER',
      default: 'lb-ci',
    }),
    force: boolean({ helpGroup: 'OUTPUT', summary: 'Overwrite files in the --output folder.' }),
    keep: keepFlag,
    format: formatFlag,
    full: fullFlag,
    progress: progressFlag,
  }

  async run() {
    const { flags } = await this.parse(Ci)
    const { ci } = await import('../src/app/ci.ts')
    return ci(flags, this.invocation(flags))
  }
}
