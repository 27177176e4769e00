import { boolean, option, string } from '@oclif/core/flags'
import { algorithmsFlag, formatFlag, targetsFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { engineFlags } from '../src/cli/engine-flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { gateFlags } from '../src/cli/gate-flags.ts'
import { liveFlag, withLivePort } from '../src/cli/live-flag.ts'
import { benchFlags, dryRunFlag, forceFlag, keepFlag, outputFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { requestFlags } from '../src/cli/request-flags.ts'
import { targetFlags } from '../src/cli/target-flags.ts'

/** Measures load balancers side by side. */
export default class Bench extends LbCommand {
  static override summary = 'Measure load balancers and balancing algorithms side by side.'

  static override description = [
    'Starts mock backends, the balancer and a load generator (driver) as separate processes and measures each.',
    'Trials run in blocks; each block holds one trial of every arm, in random order.',
    'Reports throughput, latency, errors, CPU and memory of each arm, and its bottleneck.',
    'Flags override fields of the scenario, which has the defaults of the others.',
  ].join(' ')

  static override examples = [
    { description: 'Compare three algorithms', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Compare with nginx (any of "lb targets")',
      command: '<%= config.bin %> <%= command.id %> --target reference,nginx --algo round-robin',
    },
    {
      description: 'Measure a server that is already running',
      command: '<%= config.bin %> <%= command.id %> --url http://127.0.0.1:8080/api?x=1',
    },
    {
      description: 'Measure a balancer of your own',
      command:
        "<%= config.bin %> <%= command.id %> --command './balancer --port {port} --to {backends}'",
    },
    {
      description: 'Measure one algorithm at several worker counts',
      command: '<%= config.bin %> <%= command.id %> --algo weighted --cores 1,2,4,8',
    },
    {
      description: 'Run a shipped scenario and store the result',
      command:
        '<%= config.bin %> <%= command.id %> --scenario unequal-backends --output result.json',
    },
    {
      description: 'Fail if the latency is too high (quote the rule: > redirects)',
      command: "<%= config.bin %> <%= command.id %> --rate 500 --fail-on 'p99>20ms'",
    },
  ]

  static override flags = {
    algo: algorithmsFlag,
    target: targetsFlag,
    ...benchFlags,
    ...engineFlags,
    scenario: string({
      helpGroup: 'TARGET',
      char: 's',
      summary: 'Shipped scenario (see "lb list scenarios"), or path of a YAML file.',
      helpValue: 'NAME|FILE',
      default: 'default',
    }),
    profile: option({
      helpGroup: 'OUTPUT',
      summary:
        'Also profile the targets, in trials after those that are measured: cpu, heap, or both separated by a comma (see "lb profile").',
      options: ['cpu', 'heap'] as const,
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    })(),
    'dry-run': { ...dryRunFlag, exclusive: ['live'] },
    output: outputFlag,
    force: forceFlag,
    keep: keepFlag,
    baseline: string({
      helpGroup: 'GATE',
      summary:
        'Compare with this stored result (same host and settings); changes in --fail-on refer to it.',
      helpValue: 'FILE',
    }),
    steps: boolean({
      helpGroup: 'OUTPUT',
      summary:
        'After the run: one more trial of each arm of the reference balancer, in which it times the steps of requests.',
    }),
    ...targetFlags,
    ...requestFlags,
    ...gateFlags,
    format: formatFlag,
    full: fullFlag,
    progress: progressFlag,
    live: liveFlag,
  }

  async run() {
    const { flags } = await this.parse(Bench, withLivePort(this.argv))
    const { bench } = await import('../src/app/bench.ts')
    return bench(flags, this.invocation(flags))
  }
}
