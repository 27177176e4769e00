import { LbCommand } from '../src/cli/command.ts'
import { count, rate, seconds } from '../src/cli/flags.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { seedFlag } from '../src/cli/plan-flags.ts'
import { progressFlag } from '../src/cli/progress-flag.ts'
import { bounds } from '../src/kit/bounds.ts'

/** Measures the noise floor of this host. */
export default class Selftest extends LbCommand {
  static override summary =
    'Measure the noise floor of this host, and check whether it is fit for measurements.'

  static override description = [
    'Compares the reference balancer with itself (A/A test) several times, with the same procedure as a real comparison: every difference is noise.',
    'The noise floor is stored; later comparisons on this host report no smaller difference.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --comparisons 40',
    '<%= config.bin %> <%= command.id %> --drivers 3',
  ]

  static override flags = {
    comparisons: count({
      helpGroup: 'TRUST',
      max: 1000,
      summary: 'Number of A/A comparisons, of 16 trials each.',
      helpValue: 'N',
      default: 6,
    }),
    duration: seconds({
      helpGroup: 'TRUST',
      summary: 'Length of the measurement window of each trial.',
      helpValue: 'TIME',
      default: 0.6,
    }),
    warmup: seconds({
      helpGroup: 'TRUST',
      summary: 'Warm-up of each trial.',
      helpValue: 'TIME',
      default: 0.4,
      allowZero: true,
    }),
    drivers: count({
      helpGroup: 'TRUST',
      max: bounds.drivers,
      summary:
        'Compare one driver with a fleet of so many at the same rate, in place of the A/A test: it must come out as same.',
      helpValue: 'N',
    }),
    rate: rate({
      helpGroup: 'TRUST',
      summary: 'Requests per second of the comparison with a fleet (default: 1000).',
      helpValue: 'REQ/S',
    }),
    seed: seedFlag,
    full: fullFlag,
    progress: progressFlag,
  }

  async run() {
    const { flags } = await this.parse(Selftest)
    const { selftest } = await import('../src/app/selftest.ts')
    return selftest(flags, this.invocation(flags))
  }
}
