import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { formatFlag, targetOverride } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { allowDegradedFlag, engineFlags } from '../src/cli/engine-flags.ts'
import { count } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { liveFlag, withLivePort } from '../src/cli/live-flag.ts'
import { loadFlags } from '../src/cli/load-flags.ts'
import { forceFlag, outputFlag, planFlags, seedFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { requestFlags } from '../src/cli/request-flags.ts'
import { urlFlags } from '../src/cli/target-flags.ts'

/** The flags of an address, which may also be the argument. */
const addressFlags = {
  url: urlFlags.url,
  insecure: { ...urlFlags.insecure, dependsOn: [] },
  ca: { ...urlFlags.ca, dependsOn: [] },
  cert: { ...urlFlags.cert, dependsOn: [] },
  key: { ...urlFlags.key, dependsOn: ['cert'] },
  'tls-sessions': { ...urlFlags['tls-sessions'], dependsOn: [] },
  http2: { ...urlFlags.http2, dependsOn: [] },
  streams: urlFlags.streams,
  resolve: string({
    helpGroup: 'TARGET',
    summary: 'Addresses of a name, in place of those of the name service; may be repeated.',
    helpValue: 'HOST:PORT:ADDRESS',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

/** Runs a load test. */
export default class Load extends LbCommand {
  static override summary = 'Run a load test: stages, journeys, checks and thresholds.'

  static override description = [
    'Loads a server that is already running, by its URL, or the target of a scenario, which it starts with mock backends.',
    'Visits arrive at the rate of each stage, whether or not responses come (open model), or users begin again when their visit is over (closed model).',
    'Reports each stage and each step: planned and real rate, percentiles of holds, failures and checks.',
  ].join(' ')

  static override examples = [
    {
      description: 'Ramp up for 1 minute, hold for 5, ramp down',
      command:
        '<%= config.bin %> <%= command.id %> http://127.0.0.1:8080/ --stage 1m:100/s --stage 5m:100/s --stage 1m:0/s',
    },
    {
      description: 'Run the journeys of a file against a server',
      command: '<%= config.bin %> <%= command.id %> shop.yaml --url http://127.0.0.1:8080',
    },
    {
      description: 'Show each request and response of one visit',
      command: '<%= config.bin %> <%= command.id %> shop.yaml --once',
    },
    {
      description: 'Run a k6 script in a twentieth of its time',
      command: '<%= config.bin %> <%= command.id %> script.js --time-scale 0.05',
    },
    {
      description: 'Print the curve of the load, and send nothing',
      command: '<%= config.bin %> <%= command.id %> shop.yaml --dry-run',
    },
    {
      description: 'A spike to 500 visits per second, with a check (quote it: < redirects)',
      command:
        "<%= config.bin %> <%= command.id %> http://127.0.0.1:8080/ --shape spike:500/s --check 'time < 100ms'",
    },
  ]

  static override args = {
    load: argument({
      description:
        'File of a load test (docs/guide/load-tests.md), k6 script, TypeScript journey, shipped scenario, or http(s) URL.',
      required: true,
    }),
  }

  static override flags = {
    ...loadFlags,
    once: boolean({
      helpGroup: 'LOAD',
      summary: 'Run one visit of each journey; print each request, response and check.',
      exclusive: ['live'],
    }),
    'dry-run': boolean({
      helpGroup: 'LOAD',
      summary: 'Print the curve of the load, then exit.',
      exclusive: ['live'],
    }),
    ...requestFlags,
    target: targetOverride,
    ...addressFlags,
    connections: planFlags.connections,
    drivers: planFlags.drivers,
    ...engineFlags,
    'max-in-flight': count({
      helpGroup: 'LOAD',
      summary:
        'Requests in flight beyond which a visit that is due is not begun, and counted (default: 1,000, or what the host allows).',
      helpValue: 'N',
    }),
    'allow-degraded': allowDegradedFlag,
    seed: seedFlag,
    output: outputFlag,
    force: forceFlag,
    keep: boolean({
      helpGroup: 'OUTPUT',
      summary: 'Store the result as .lb/last.json, which "lb report" shows; --no-keep: not at all.',
      allowNo: true,
      default: true,
    }),
    format: formatFlag,
    full: fullFlag,
    progress: progressFlag,
    live: liveFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Load, withLivePort(this.argv))
    const { load } = await import('../src/app/load.ts')
    return load(args.load, flags, this.invocation(flags))
  }
}
