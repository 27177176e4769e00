import { boolean, option, string } from '@oclif/core/flags'
import { abFlags } from '../src/cli/ab-flags.ts'
import { algorithmsFlag, targetsFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, seconds } from '../src/cli/flags.ts'
import { dryRunFlag, planFlags } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { requestFlags } from '../src/cli/request-flags.ts'
import { targetFlags } from '../src/cli/target-flags.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Profiles balancers under load, and compares two of them. */
export default class Profile extends LbCommand {
  static override summary =
    'Profile a balancer under load: the functions that cost most per request, and how two balancers differ in them.'

  static override description = [
    'Starts mock backends, a driver and the balancer, and drives it in a closed loop in blocks of trials: in each block one trial of every arm with a profile and one without.',
    'Prints the hottest functions with intervals over the trials, and the overhead of profiling.',
    'With two arms it compares them function by function, one value a trial, paired in blocks, at a false discovery rate of 5 %.',
    'Takes profiles from the admin port of the reference balancer, /debug/pprof of Caddy and Traefik, and from perf for others where the host allows it.',
  ].join(' ')

  static override examples = [
    { description: 'The reference balancer', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Two algorithms, with a page of flame graphs',
      command:
        '<%= config.bin %> <%= command.id %> --algo round-robin,maglev --output profile.html',
    },
    {
      description: 'Two configurations',
      command: `<%= config.bin %> <%= command.id %> --head-config '{"retries":{"tries":1}}'`,
    },
    {
      description: 'Whether memory grows with requests or with connections',
      command: '<%= config.bin %> <%= command.id %> --leaks',
    },
    {
      description: 'A Go program that runs already, with net/http/pprof on another port',
      command:
        '<%= config.bin %> <%= command.id %> --url http://127.0.0.1:8080/ --pprof http://127.0.0.1:6060',
    },
  ]

  static override flags = {
    kind: option({
      helpGroup: 'OUTPUT',
      summary: 'Kinds of profiles, separated by commas: cpu, heap.',
      options: ['cpu', 'heap'] as const,
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      default: ['cpu'],
    })(),
    algo: algorithmsFlag,
    target: targetsFlag,
    cores: planFlags.cores,
    ...abFlags,
    scenario: string({
      helpGroup: 'TARGET',
      char: 's',
      summary: 'Scenario whose backends and request are used.',
      helpValue: 'NAME|FILE',
      default: 'profile',
    }),
    ...targetFlags,
    pprof: string({
      helpGroup: 'TARGET',
      summary:
        'For --url: address at which that server serves /debug/pprof; its token is read from LB_ADMIN_TOKEN.',
      helpValue: 'URL',
      dependsOn: ['url'],
    }),
    ...requestFlags,
    connections: planFlags.connections,
    duration: seconds({
      helpGroup: 'TRUST',
      char: 'd',
      summary: 'Length of each profile, and of the window of each trial (default: the scenario’s).',
      helpValue: 'TIME',
      max: 60,
    }),
    warmup: planFlags.warmup,
    trials: count({
      helpGroup: 'TRUST',
      max: bounds.trials,
      summary:
        'Trials of each arm with a profile, and as many without one (default: the scenario’s).',
      helpValue: 'N',
    }),
    overhead: boolean({
      helpGroup: 'TRUST',
      summary: 'Also run trials without a profile; --no-overhead: not, in half of the time.',
      default: true,
      allowNo: true,
    }),
    leaks: boolean({
      helpGroup: 'OUTPUT',
      summary:
        'In place of profiles: how memory grows with requests and with connections, after garbage collection, with intervals; of other targets their RSS.',
      exclusive: ['kind', 'output', 'connections', 'duration', 'warmup', 'trials', 'pprof'],
    }),
    requests: count({
      helpGroup: 'TRUST',
      max: 1_000_000,
      summary: 'For --leaks: requests in each round (default: 10000).',
      helpValue: 'N',
      dependsOn: ['leaks'],
    }),
    seed: planFlags.seed,
    'dry-run': dryRunFlag,
    output: string({
      helpGroup: 'OUTPUT',
      char: 'o',
      aliases: ['export'],
      summary:
        'Write the profiles to this file, by its ending: .html (flame graphs), .pb.gz (pprof), .speedscope.json, .cpuprofile, .folded; may be repeated. Of formats that hold one profile, each arm gets a file.',
      helpValue: 'FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    force: boolean({ helpGroup: 'OUTPUT', summary: 'Overwrite the output files.' }),
    keep: boolean({
      helpGroup: 'OUTPUT',
      summary: 'Keep the profiles in .lb/profiles; --no-keep: not.',
      default: true,
      allowNo: true,
    }),
    progress: progressFlag,
  }

  async run() {
    const { flags } = await this.parse(Profile)
    const { profile } = await import('../src/app/profile.ts')
    return profile(flags, this.invocation(flags))
  }
}
