import { randomInt } from 'node:crypto'
import { LbCommand } from '../src/cli/command.ts'
import { count, seconds } from '../src/cli/flags.ts'
import { interruption } from '../src/cli/interrupt.ts'
import { progressOn } from '../src/cli/progress.ts'
import { exitCodes } from '../src/kit/exit-codes.ts'
import type { Selftest as Found } from '../src/result/selftest.ts'

/** Judges this host, not a balancer. */
export default class Selftest extends LbCommand {
  static override summary =
    'Find out what differences this host can tell apart, and whether it is fit to measure on.'

  static override description =
    `Measures the reference balancer against itself, again and again, the way a real comparison is
made: whatever differs is noise. What it finds is kept, and is the least difference that later comparisons on this
host call one.`

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --comparisons 40',
  ]

  static override flags = {
    comparisons: count({
      summary: 'How often it is compared with itself; each takes 16 trials.',
      helpValue: 'N',
      default: 6,
    }),
    duration: seconds({ summary: 'Measured time of each trial.', helpValue: 'TIME', default: 0.6 }),
    warmup: seconds({
      summary: 'Load before the measured time.',
      helpValue: 'TIME',
      default: 0.4,
      zero: true,
    }),
    seed: count({ summary: 'Seeds all that is random.', helpValue: 'N', least: 0 }),
  }

  async run(): Promise<Found> {
    const { flags } = await this.parse(Selftest)
    const { selftest } = await import('../src/experiment/selftest/selftest.ts')
    const { pairsEach, selfPlan } = await import('../src/plan/self-plan.ts')
    const { comparisons, duration, warmup, seed = randomInt(2 ** 31) } = flags
    const plan = selfPlan({ blocks: comparisons * pairsEach, duration, warmup, seed })
    using interrupted = interruption()
    using progress = progressOn(process.stderr)
    const found = await selftest({
      plan,
      signal: interrupted.signal,
      watcher: {
        onTrial: ({ done, of }) => progress.show(`trial ${done + 1} of ${of}`),
      },
    })
    progress.clear()
    const { selftestText } = await import('../reports/commands/selftest.ts')
    this.print(selftestText(found, this.look(flags)))
    if (interrupted.signal.aborted) this.endWith(exitCodes.interrupted)
    else if (found.stored === undefined) this.endWith(exitCodes.invalid)
    return found
  }
}
