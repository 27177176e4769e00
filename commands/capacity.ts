import { boolean, string } from '@oclif/core/flags'
import { algorithmFlag, targetFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { engineFlags } from '../src/cli/engine-flags.ts'
import { count, rate, seconds } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { liveFlag, withLivePort } from '../src/cli/live-flag.ts'
import { seedFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { requestFlags } from '../src/cli/request-flags.ts'
import { urlFlags } from '../src/cli/target-flags.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Searches for the highest rate that meets a service level objective. */
export default class Capacity extends LbCommand {
  static override summary =
    'Find the highest request rate at which a balancer meets a service level objective (SLO).'

  static override description = [
    'Sends requests in an open loop: doubles the rate until an objective is missed, bisects, repeats the highest passing and the lowest failing rate, and tries rates down to half of it.',
    'Where trials contradict each other near that edge, it is estimated from up to 40 longer trials, with an interval.',
    'Windows are extended until a percentile has enough requests: 1,000 for p99, 10,000 for p99.9.',
    'A trial that the driver or the host disturbed is repeated and does not count.',
  ].join(' ')

  static override examples = [
    {
      description: 'The reference balancer (quote the objective: < redirects)',
      command: "<%= config.bin %> <%= command.id %> --slo 'p99<20ms'",
    },
    {
      description: 'nginx, with two objectives',
      command:
        "<%= config.bin %> <%= command.id %> --target nginx --slo 'p99<20ms' --slo 'errors<0.1%'",
    },
    {
      description: 'A server that is already running',
      command: "<%= config.bin %> <%= command.id %> --url http://127.0.0.1:8080/ --slo 'p99<20ms'",
    },
  ]

  static override flags = {
    slo: string({
      helpGroup: 'GATE',
      summary: "Objective, e.g. 'p99<20ms', 'p95<5ms', 'max<1s', 'errors<0.1%'; all must be met.",
      helpValue: 'OBJECTIVE',
      multiple: true,
      required: true,
    }),
    algo: algorithmFlag,
    target: targetFlag,
    ...urlFlags,
    ...requestFlags,
    ...engineFlags,
    cores: count({
      helpGroup: 'TARGET',
      max: bounds.cores,
      char: 'c',
      summary: 'Workers of the balancer.',
      helpValue: 'N',
      default: 1,
    }),
    scenario: string({
      helpGroup: 'TARGET',
      char: 's',
      summary: 'Scenario whose backends and request are used.',
      helpValue: 'NAME|FILE',
      default: 'default',
    }),
    duration: seconds({
      helpGroup: 'TRUST',
      char: 'd',
      summary: 'Minimum length of the measurement window of each trial, e.g. 5s, 500ms, 2m.',
      helpValue: 'TIME',
      default: 2,
    }),
    warmup: seconds({
      helpGroup: 'TRUST',
      summary: 'Minimum warm-up; up to twice as long if throughput is not steady.',
      helpValue: 'TIME',
      default: 1,
      allowZero: true,
    }),
    start: rate({
      helpGroup: 'LOAD',
      summary: 'Request rate of the first trial.',
      helpValue: 'REQ/S',
      default: 500,
    }),
    'max-time': seconds({
      helpGroup: 'TRUST',
      max: bounds.runSeconds,
      summary: 'Maximum time of the search; then prints the interval found so far.',
      helpValue: 'TIME',
      default: 900,
    }),
    seed: seedFlag,
    full: fullFlag,
    progress: progressFlag,
    live: liveFlag,
    'dry-run': boolean({
      helpGroup: 'TARGET',
      summary: 'Print the maximum number of trials and time, then exit.',
      exclusive: ['live'],
    }),
  }

  async run() {
    const { flags } = await this.parse(Capacity, withLivePort(this.argv))
    const { capacity } = await import('../src/app/capacity.ts')
    return capacity(flags, this.invocation(flags))
  }
}
