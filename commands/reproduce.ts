import { randomInt } from 'node:crypto'
import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name, seconds } from '../src/cli/flags.ts'
import { interruption } from '../src/cli/interrupt.ts'
import { progressOn } from '../src/cli/progress.ts'
import { exitCodes } from '../src/kit/exit-codes.ts'
import type { Documented } from '../src/plan/documented/read-documented.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { ResultDocument } from '../src/result/document.ts'
import type { Reproduction } from '../src/result/reproduction.ts'
import type { Schedule } from '../src/result/schedule.ts'

/** Makes documented tables again, and holds them against what is measured here. */
export default class Reproduce extends LbCommand {
  static override summary = 'Make documented benchmark tables again on this machine.'

  static override description =
    `Measures the arms of documented tables, in closed loop, and prints each table with what was
documented, what was measured, and whether the shape agrees: order, ratios, the efficiency of more cores.
Absolute figures are not judged, since hardware differs. Points out where the documented figures contradict each
other. Without a file it takes the tables of the tuning guide.`

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
        'A markdown file whose front matter names the arms of its tables, or a YAML file of figures.',
    }),
  }

  static override flags = {
    connections: count({
      summary: 'Connections of the driver; else as many as the figures imply.',
      helpValue: 'N',
    }),
    duration: seconds({ char: 'd', summary: 'Measured time of each trial.', helpValue: 'TIME' }),
    warmup: seconds({
      summary: 'Load before the measured time, at least; twice as long at most.',
      helpValue: 'TIME',
      zero: true,
    }),
    trials: count({ summary: 'Trials of each arm.', helpValue: 'N' }),
    'max-time': seconds({
      summary: 'End early rather than take longer; 9 minutes unless told.',
      helpValue: 'TIME',
    }),
    seed: count({
      summary: 'Seeds all that is random; drawn and printed without.',
      helpValue: 'N',
      least: 0,
    }),
    'dry-run': boolean({ summary: 'Only print what would be measured, and how long it takes.' }),
    result: string({
      summary: 'Measure nothing: take a result that --output kept.',
      helpValue: 'FILE',
      exclusive: [
        'connections',
        'duration',
        'warmup',
        'trials',
        'max-time',
        'seed',
        'output',
        'dry-run',
      ],
    }),
    output: string({
      char: 'o',
      summary: 'Keep the result document in this file.',
      helpValue: 'FILE',
    }),
    force: boolean({ summary: 'Replace the output file if it exists.' }),
    format: name({
      char: 'f',
      summary: 'How to print it: table or markdown.',
      helpValue: 'NAME',
      among: async () =>
        Object.keys((await import('../reports/commands/reproduction.ts')).reproductionFormats),
      what: 'format',
      default: 'table',
    }),
  }

  async run(): Promise<Reproduction | Schedule> {
    const { args, flags } = await this.parse(Reproduce)
    const output = flags.output && { path: flags.output, force: flags.force }
    const { checkOutput } = await import('../src/kit/output.ts')
    if (output) await checkOutput(output)

    const { registry } = await import('../src/experiment/run/plan-for.ts')
    const { documentedTables } = await import('../src/plan/documented/tables.ts')
    const documented = await documentedTables(registry, args.tables)
    const { reproductionPlan } = await import('../src/plan/reproduction-plan.ts')
    const plan = reproductionPlan({
      documented,
      overrides: { ...flags, maxTime: flags['max-time'] },
      seed: flags.seed ?? randomInt(2 ** 31),
      control: registry.control,
    })
    if (flags['dry-run']) return this.dryRun(plan, flags)
    const result = await this.resultOf(plan, flags.result)
    const { writeResult } = await import('../src/result/write.ts')
    if (output) await writeResult(result, output)
    return this.report(documented, result, flags)
  }

  private async dryRun(plan: Plan, flags: { readonly 'no-color': boolean }): Promise<Schedule> {
    const { timeOf } = await import('../src/plan/plan-time.ts')
    const { scheduleText } = await import('../reports/commands/schedule.ts')
    const schedule = { plan, time: timeOf(plan) }
    this.print(scheduleText(schedule, this.look(flags)))
    return schedule
  }

  /** What a file holds or, without one, what is measured now. */
  private async resultOf(plan: Plan, file: string | undefined): Promise<ResultDocument> {
    if (file !== undefined) {
      const { readResult } = await import('../src/result/read.ts')
      const { checkArms } = await import('../src/experiment/reproduce/reproduce.ts')
      const result = await readResult(file)
      checkArms(plan, result, file)
      return result
    }
    const { checkHostLimits, hostLimits } = await import('../src/lab/host-limits.ts')
    checkHostLimits(plan.connections, hostLimits())
    using interrupted = interruption()
    using progress = progressOn(process.stderr)
    const { experiment } = await import('../src/experiment/run/experiment.ts')
    // Awaited here: what listens for Ctrl-C must not go before it has ended.
    return await experiment({
      plan,
      lb: this.config.version,
      command: ['reproduce', ...this.argv],
      signal: interrupted.signal,
      watcher: {
        onTrial: ({ done, of, trial }) => progress.show(`trial ${done + 1} of ${of}, ${trial.arm}`),
      },
    })
  }

  private async report(
    documented: Documented,
    result: ResultDocument,
    flags: {
      readonly format: string
      readonly result?: string | undefined
      readonly 'no-color': boolean
    },
  ): Promise<Reproduction> {
    const { reproduce } = await import('../src/experiment/reproduce/reproduce.ts')
    const { reproductionFormats } = await import('../reports/commands/reproduction.ts')
    const reproduction = reproduce(documented, result)
    const render = reproductionFormats[flags.format]
    if (result.trials.length > 0) {
      this.print(render?.(reproduction, result, this.look(flags)) ?? '')
    }
    // A result that was stored has had its exit code.
    if (flags.result !== undefined) return reproduction
    if (!result.complete) this.endWith(exitCodes.interrupted)
    else if (!result.trials.some(({ verdict }) => verdict.valid)) this.endWith(exitCodes.invalid)
    return reproduction
  }
}
