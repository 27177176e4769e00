import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name, seconds } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { dryRunFlag, forceFlag, keepFlag, outputFlag, planFlags } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Re-runs documented benchmark tables. */
export default class Reproduce extends LbCommand {
  static override summary =
    'Re-run published benchmark tables here and check whether their trends hold.'

  static override description = [
    'Measures the arms of documented tables in a closed loop, and prints each table with its documented and measured values and whether the trend is the same: order, ratios, scaling efficiency.',
    'Absolute values are not judged, since hardware differs.',
    'Reports documented values that contradict each other.',
    'Without a file, uses the tables of the tuning guide.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> docs/tuning.md --format markdown',
    '<%= config.bin %> <%= command.id %> --output r.json',
    '<%= config.bin %> <%= command.id %> --result r.json --format markdown',
  ]

  static override args = {
    tables: argument({
      description:
        'Markdown file whose front matter maps rows and columns to arms and metrics, or YAML file with the values (see docs/guide/reproduce.md).',
    }),
  }

  static override flags = {
    connections: count({
      helpGroup: 'LOAD',
      max: bounds.connections,
      summary: "Connections of the driver (default: by Little's law from the documented values).",
      helpValue: 'N',
    }),
    duration: planFlags.duration,
    warmup: planFlags.warmup,
    trials: count({
      helpGroup: 'TRUST',
      max: bounds.trials,
      summary: 'Trials of each arm.',
      helpValue: 'N',
    }),
    'max-time': seconds({
      helpGroup: 'TRUST',
      max: bounds.runSeconds,
      summary: 'Maximum time of the run; it ends early to stay within it (default: 9m).',
      helpValue: 'TIME',
    }),
    seed: planFlags.seed,
    'dry-run': dryRunFlag,
    result: string({
      helpGroup: 'TARGET',
      summary: 'Use a stored result instead of measuring.',
      helpValue: 'FILE',
      exclusive: [
        ...['connections', 'duration', 'warmup', 'trials', 'max-time', 'seed'],
        ...['output', 'dry-run'],
      ],
    }),
    output: outputFlag,
    force: forceFlag,
    keep: keepFlag,
    full: fullFlag,
    progress: progressFlag,
    format: name({
      helpGroup: 'OUTPUT',
      char: 'f',
      summary: 'Report format: table or markdown.',
      helpValue: 'NAME',
      noun: 'format',
      choices: async () => ['table', { name: 'markdown', aliases: ['md'] }],
      default: 'table',
    }),
  }

  async run() {
    const { args, flags } = await this.parse(Reproduce)
    const { reproduce } = await import('../src/app/reproduce.ts')
    return reproduce(args.tables, flags, this.invocation(flags))
  }
}
