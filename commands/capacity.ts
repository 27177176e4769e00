import { string } from '@oclif/core/flags'
import { algorithmFlag, targetFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, rate, seconds } from '../src/cli/flags.ts'
import { dryRunFlag, seedFlag } from '../src/cli/plan-flags.ts'

/** Searches for the highest rate that meets a service level objective. */
export default class Capacity extends LbCommand {
  static override summary =
    'Find the highest request rate at which a balancer meets a service level objective (SLO).'

  static override description = [
    'Sends requests in an open loop: doubles the rate until an objective is missed, bisects, and confirms both edges.',
    'A trial that the driver or the host disturbed is repeated and does not count.',
  ].join(' ')

  static override examples = [
    "<%= config.bin %> <%= command.id %> --slo 'p99<20ms'",
    "<%= config.bin %> <%= command.id %> --algo least-connections --slo 'p99<20ms' --slo 'errors<0.1%' --dry-run",
  ]

  static override flags = {
    slo: string({
      summary: "Objective, e.g. 'p99<20ms', 'p99.9<50ms', 'errors<0.1%'; all must be met.",
      helpValue: 'OBJECTIVE',
      multiple: true,
      required: true,
    }),
    algo: algorithmFlag,
    target: targetFlag,
    cores: count({ char: 'c', summary: 'Workers of the balancer.', helpValue: 'N', default: 1 }),
    scenario: string({
      char: 's',
      summary: 'Scenario that defines backends and request.',
      helpValue: 'NAME|FILE',
      default: 'default',
    }),
    duration: seconds({
      char: 'd',
      summary: 'Length of the measurement window of each trial.',
      helpValue: 'TIME',
      default: 2,
    }),
    warmup: seconds({
      summary: 'Minimum warm-up; extended up to twice until throughput is steady.',
      helpValue: 'TIME',
      default: 1,
      allowZero: true,
    }),
    start: rate({ summary: 'Request rate of the first trial.', helpValue: 'REQ/S', default: 500 }),
    'max-time': seconds({
      summary: 'Maximum time of the search; ends with the interval found so far.',
      helpValue: 'TIME',
      default: 900,
    }),
    seed: seedFlag,
    'dry-run': dryRunFlag,
  }

  async run() {
    const { flags } = await this.parse(Capacity)
    const { capacity } = await import('../src/app/capacity.ts')
    return capacity(flags, this.invocation(flags))
  }
}
