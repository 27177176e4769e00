import { randomInt } from 'node:crypto'
import { boolean, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name, rate, seconds } from '../src/cli/flags.ts'
import { interruption } from '../src/cli/interrupt.ts'
import { progressOn } from '../src/cli/progress.ts'
import { exitCodes } from '../src/kit/exit-codes.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { Capacity as Found } from '../src/result/capacity.ts'

/** Searches for the highest rate that holds an objective. */
export default class Capacity extends LbCommand {
  static override summary = 'Find the highest rate at which a balancer holds an objective.'

  static override description =
    `Sends requests in open loop: doubles the rate until the objective fails, bisects, and confirms
both edges. A trial that the driver or the host spoilt is repeated, and counts for nothing.`

  static override examples = [
    "<%= config.bin %> <%= command.id %> --slo 'p99<20ms'",
    "<%= config.bin %> <%= command.id %> --algo least-connections --slo 'p99<20ms' --slo 'errors<0.1%' --dry-run",
  ]

  static override flags = {
    slo: string({
      summary: 'An objective: p99<20ms, p99.9<50ms, errors<0.1%. All that are given must hold.',
      helpValue: 'OBJECTIVE',
      multiple: true,
      required: true,
    }),
    algo: name({
      char: 'a',
      summary: 'The algorithm.',
      helpValue: 'NAME',
      among: async () => (await import('../src/algorithms/index.ts')).algorithms,
      what: 'algorithm',
      default: 'round-robin',
    }),
    target: name({
      char: 't',
      summary: 'What to put under test.',
      helpValue: 'NAME',
      among: async () => (await import('../src/targets/index.ts')).targets,
      what: 'target',
      default: 'reference',
    }),
    cores: count({ char: 'c', summary: 'Cores of the balancer.', helpValue: 'N', default: 1 }),
    scenario: string({
      char: 's',
      summary: 'Whose backends and request to use.',
      helpValue: 'NAME|FILE',
      default: 'default',
    }),
    duration: seconds({
      char: 'd',
      summary: 'Measured time of each trial.',
      helpValue: 'TIME',
      default: 2,
    }),
    warmup: seconds({
      summary: 'Load before the measured time.',
      helpValue: 'TIME',
      default: 1,
      zero: true,
    }),
    start: rate({ summary: 'Rate to begin with.', helpValue: 'REQ/S', default: 500 }),
    'max-time': seconds({
      summary: 'End with what is known by then.',
      helpValue: 'TIME',
      default: 900,
    }),
    seed: count({ summary: 'Seeds all that is random.', helpValue: 'N', least: 0 }),
    'dry-run': boolean({ summary: 'Only say how long it would take.' }),
  }

  async run(): Promise<Found | { readonly mostTrials: number; readonly mostSeconds: number }> {
    const { flags } = await this.parse(Capacity)
    const { objective } = await import('../src/plan/objective.ts')
    const objectives = flags.slo.map(objective)
    const { planFor } = await import('../src/experiment/run/plan-for.ts')
    const plan = await planFor({
      scenario: flags.scenario,
      seed: flags.seed ?? randomInt(2 ** 31),
      overrides: {
        algorithms: [flags.algo],
        targets: [flags.target],
        cores: [flags.cores],
        duration: flags.duration,
        warmup: flags.warmup,
        phase: 'latency',
        rate: flags.start,
        control: true,
        trials: 1,
      },
    })
    if (flags['dry-run']) return this.dryRun(plan, flags)
    const { checkPlan } = await import('../src/experiment/run/check-plan.ts')
    await checkPlan({ ...plan, stop: undefined })

    using interrupted = interruption()
    using progress = progressOn(process.stderr)
    const { capacity } = await import('../src/experiment/capacity/capacity.ts')
    const found = await capacity({
      plan,
      objectives,
      start: flags.start,
      maxSeconds: flags['max-time'],
      signal: interrupted.signal,
      onTrial: ({ done, rate, why }) =>
        progress.show(`trial ${done + 1}: ${Math.round(rate)} req/s (${why})`),
    })
    progress.clear()
    const { capacityText } = await import('../reports/commands/capacity.ts')
    this.print(capacityText(found, this.look(flags)))
    if (interrupted.signal.aborted) this.endWith(exitCodes.interrupted)
    else if (found.reason === 'invalid trials') this.endWith(exitCodes.invalid)
    return found
  }

  private async dryRun(plan: Plan, flags: { start: number; 'max-time': number }) {
    const { scheduleOfSearch } = await import('../src/experiment/capacity/capacity.ts')
    const { mostTrials, mostSeconds } = scheduleOfSearch(plan, flags.start)
    const limit = flags['max-time']
    this.print(
      `Up to ${mostTrials} trials and ${Math.ceil(mostSeconds)} s, often half of that; more where trials are spoilt or speak against each other, and over after ${Math.ceil(limit)} s in any case.\n`,
    )
    return { mostTrials, mostSeconds: Math.min(mostSeconds, limit) }
  }
}
