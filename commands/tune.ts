import { boolean, option, string } from '@oclif/core/flags'
import { formatFlag, targetFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, seconds } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { liveFlag, withLivePort } from '../src/cli/live-flag.ts'
import { dryRunFlag, forceFlag, keepFlag, outputFlag, planFlags } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Measures which tuning advice helps on this host. */
export default class Tune extends LbCommand {
  static override summary = 'Measure which tuning advice helps here, and which makes no difference.'

  static override description = [
    'Measures each setting (knob) beside the default in the same randomised blocks, reads it back from the running target, and answers helps, hurts, no difference or inconclusive.',
    'A twin, which differs in nothing, is in every run.',
    'The report ends with a configuration that holds only what helped.',
  ].join(' ')

  static override examples = [
    {
      description: 'All knobs of the reference balancer',
      command: '<%= config.bin %> <%= command.id %>',
    },
    {
      description: 'Two knobs of nginx',
      command: '<%= config.bin %> <%= command.id %> --target nginx --only pooling,http2',
    },
    {
      description: 'Another value of a knob',
      command: '<%= config.bin %> <%= command.id %> --only young-generation=16',
    },
    {
      description: 'Locks and shared state, with two workers',
      command:
        '<%= config.bin %> <%= command.id %> --cores 2 --only shared-state,limiter=one-shard,limiter=per-worker,limiter=on',
    },
    {
      description: 'Screen eleven knobs in three minutes',
      command: '<%= config.bin %> <%= command.id %> --screen',
    },
    {
      description: 'Print what would be measured, and how long it takes',
      command: '<%= config.bin %> <%= command.id %> --max-time 5m --dry-run',
    },
  ]

  static override flags = {
    target: targetFlag,
    only: string({
      helpGroup: 'TARGET',
      summary:
        'Knobs to measure, separated by commas, each with its own values, with another one (pool-size=64), or with every name that it accepts (algorithm=all).',
      helpValue: 'NAME[=VALUE],…',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    cores: count({
      helpGroup: 'TARGET',
      max: bounds.cores,
      summary:
        'Workers of the target in every arm, as far as its knob workers does not change them; state that they share and locks matter from two on.',
      helpValue: 'N',
      default: 1,
    }),
    screen: boolean({
      helpGroup: 'TARGET',
      summary:
        'Turn up to eleven knobs at once in a plan of 12 runs (Plackett–Burman), then confirm the two or three that moved CPU per request in pairs.',
    }),
    scenario: string({
      helpGroup: 'TARGET',
      char: 's',
      summary: 'Scenario whose backends and request are used.',
      helpValue: 'NAME|FILE',
      default: 'default',
    }),
    'max-time': seconds({
      helpGroup: 'TRUST',
      max: bounds.runSeconds,
      summary:
        'Maximum time of the run; knobs at the end of the list are left out to stay within it.',
      helpValue: 'TIME',
      default: 900,
    }),
    duration: seconds({
      helpGroup: 'TRUST',
      char: 'd',
      summary: 'Length of the measurement window of each trial.',
      helpValue: 'TIME',
      default: 0.6,
    }),
    warmup: seconds({
      helpGroup: 'TRUST',
      summary: 'Warm-up of each trial.',
      helpValue: 'TIME',
      default: 0.5,
      allowZero: true,
    }),
    trials: count({
      helpGroup: 'TRUST',
      max: bounds.trials,
      summary: 'Trials of each knob in each phase (default: by the number of knobs).',
      helpValue: 'N',
    }),
    phase: option({
      helpGroup: 'LOAD',
      summary: 'Phases to run: capacity (closed loop), latency (open loop), or both.',
      options: ['capacity', 'latency', 'both'] as const,
      default: 'both' as const,
    })(),
    rate: planFlags.rate,
    connections: planFlags.connections,
    seed: planFlags.seed,
    'dry-run': dryRunFlag,
    output: outputFlag,
    force: forceFlag,
    keep: keepFlag,
    format: formatFlag,
    full: fullFlag,
    progress: progressFlag,
    live: liveFlag,
  }

  async run() {
    const { flags } = await this.parse(Tune, withLivePort(this.argv))
    const { tune } = await import('../src/app/tune.ts')
    return tune(flags, this.invocation(flags))
  }
}
