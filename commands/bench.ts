import { randomInt } from 'node:crypto'
import type { Interfaces } from '@oclif/core'
import { boolean, option, string } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, counts, name, names, percentage, rate, seconds } from '../src/cli/flags.ts'
import { gateFlags } from '../src/cli/gate-flags.ts'
import { interruption } from '../src/cli/interrupt.ts'
import { progressOn } from '../src/cli/progress.ts'
import { settingsOf, targetFlags } from '../src/cli/target-flags.ts'
import type { ApplyGatesOptions } from '../src/experiment/gates/apply-gates.ts'
import { exitCodes } from '../src/kit/exit-codes.ts'
import type { Overrides } from '../src/plan/expand.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { ResultDocument } from '../src/result/document.ts'
import type { Schedule } from '../src/result/schedule.ts'
import type { Selftest } from '../src/result/selftest.ts'
import type { Configuration } from '../src/targets/configurations.ts'

/** Measures load balancers side by side. */
export default class Bench extends LbCommand {
  static override summary = 'Measure load balancing algorithms side by side, on real processes.'

  static override description =
    `Starts mock backends, the balancer and a load driver as processes of their own, and measures
each. Trials run in blocks, the arms of a block in random order. Prints throughput, latency, errors, CPU and
memory of each arm, and what limited it.`

  static override examples = [
    { description: 'Compare three algorithms', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'One algorithm, over several numbers of cores',
      command: '<%= config.bin %> <%= command.id %> --algo weighted --cores 1,2,4,8',
    },
    {
      description: 'A shipped scenario, kept as a file',
      command:
        '<%= config.bin %> <%= command.id %> --scenario unequal-backends --output result.json',
    },
  ]

  static override flags = {
    algo: names({
      char: 'a',
      summary: 'Algorithms to measure, by comma, or all of them.',
      helpValue: 'NAME,…|all',
      among: async () => (await import('../src/algorithms/index.ts')).algorithms,
      what: 'algorithm',
    }),
    target: names({
      char: 't',
      summary: 'What to put under test.',
      helpValue: 'NAME,…',
      among: async () => (await import('../src/targets/index.ts')).targets,
      what: 'target',
    }),
    cores: counts({
      char: 'c',
      summary: 'How many cores (workers) the balancer has; several for a scaling curve.',
      helpValue: 'N,…',
    }),
    connections: count({ summary: 'Connections of the driver.', helpValue: 'N' }),
    duration: seconds({ char: 'd', summary: 'Measured time of each trial.', helpValue: 'TIME' }),
    warmup: seconds({
      summary: 'Load before the measured time, at least; twice as long at most.',
      helpValue: 'TIME',
      zero: true,
    }),
    trials: count({ summary: 'Trials of each arm in each phase.', helpValue: 'N' }),
    phase: option({
      summary:
        'What to ask: how much (closed loop), how fast (open loop, the same rate for all), or both.',
      options: ['capacity', 'latency', 'both'] as const,
    })(),
    rate: rate({
      summary: 'Arrivals per second in the latency phase; else 60 % of the slowest arm’s capacity.',
      helpValue: 'REQ/S',
    }),
    arrivals: option({
      summary: 'How requests arrive in the latency phase.',
      options: ['constant', 'poisson'] as const,
    })(),
    control: boolean({
      summary: 'Measure the backends without a balancer too; --no-control leaves it out.',
      allowNo: true,
    }),
    precision: percentage({
      summary: 'Go on, up to 40 blocks, until the intervals are ± this narrow.',
      helpValue: 'N%',
    }),
    'max-time': seconds({
      summary: 'End a phase early rather than take longer.',
      helpValue: 'TIME',
    }),
    backends: count({ summary: 'Mock backends behind the balancer.', helpValue: 'N' }),
    scenario: string({
      char: 's',
      summary: 'A shipped scenario, or a YAML file: see "lb list scenarios".',
      helpValue: 'NAME|FILE',
      default: 'default',
    }),
    seed: count({
      summary: 'Seeds all that is random; drawn and printed without.',
      helpValue: 'N',
      least: 0,
    }),
    'dry-run': boolean({ summary: 'Only print what would be measured, and how long it takes.' }),
    aa: boolean({
      summary: 'Measure the first arm against itself: what differs is noise (see "lb selftest").',
    }),
    output: string({
      char: 'o',
      summary: 'Keep the result document in this file.',
      helpValue: 'FILE',
    }),
    force: boolean({ summary: 'Replace the output file if it exists.' }),
    keep: boolean({ summary: 'Keep the result in the history of the project too.' }),
    baseline: string({
      summary: 'Hold the result against this stored one, measured in the same way on this host.',
      helpValue: 'FILE',
    }),
    ...targetFlags,
    ...gateFlags,
    format: name({
      char: 'f',
      summary: 'How to print the result.',
      helpValue: 'NAME',
      among: async () =>
        (await import('../reports/formats/index.ts')).reports.map(({ format }) => ({
          name: format,
        })),
      what: 'format',
      default: 'table',
    }),
  }

  async run(): Promise<ResultDocument | Schedule | Selftest | Configuration[]> {
    const { flags } = await this.parse(Bench)
    const output = flags.output && { path: flags.output, force: flags.force }
    const { checkOutput } = await import('../src/kit/output.ts')
    if (output) await checkOutput(output)

    const { planFor } = await import('../src/experiment/run/plan-for.ts')
    const seed = flags.seed ?? randomInt(2 ** 31)
    const judgement = await judgementOf(flags)
    const settings = await settingsOf(flags)
    const overrides = await withRateOf(judgement.base, { ...overridesOf(flags), settings })
    const asked = await planFor({ scenario: flags.scenario, overrides, seed })
    const plan = flags.aa ? await againstItself(asked, flags.trials) : asked
    if (flags['dump-config']) return this.dump(plan, flags)
    if (flags['dry-run']) return this.dryRun(plan, flags)
    const { checkPlan } = await import('../src/experiment/run/check-plan.ts')
    await checkPlan(plan)
    await sayWhatIsUnfair(plan)
    if (flags.aa) return this.selftest(plan, flags)
    const { checkGateOptions, applyGates } = await import('../src/experiment/gates/apply-gates.ts')
    await checkGateOptions(plan, judgement)
    using interrupted = interruption()
    using progress = progressOn(process.stderr)
    const { experiment } = await import('../src/experiment/run/experiment.ts')
    const { forecast } = await import('../src/experiment/run/forecast.ts')
    const { forecastText } = await import('../reports/commands/forecast.ts')
    const measured = await experiment({
      plan,
      lb: this.config.version,
      command: ['bench', ...this.argv],
      signal: interrupted.signal,
      watcher: {
        onTrial: ({ done, of, trial }) =>
          progress.show(`${trial.phase}: trial ${done + 1} of ${of}, ${trial.arm}`),
        onBlock: (block) => {
          const found = forecast(plan, block)
          if (found) progress.say(forecastText(found))
        },
      },
    })
    progress.clear()
    const document = await applyGates(measured, judgement)

    const { writeResult } = await import('../src/result/write.ts')
    if (output) await writeResult(document, output)
    if (flags.keep && document.complete) {
      const { historyFolder, keep } = await import('../src/store/history.ts')
      await keep(document, historyFolder(process.cwd()))
    }
    await this.report(document, flags)
    const { exitOf } = await import('../src/cli/result-exit-code.ts')
    this.endWith(interrupted.signal.aborted ? exitCodes.interrupted : exitOf(document))
    return document
  }

  private async dryRun(plan: Plan, flags: Asked): Promise<Schedule> {
    const { timeOf } = await import('../src/plan/plan-time.ts')
    const { scheduleText } = await import('../reports/commands/schedule.ts')
    const schedule = { plan, time: timeOf(plan) }
    this.print(scheduleText(schedule, this.look(flags)))
    return schedule
  }

  private async dump(plan: Plan, flags: Asked): Promise<Configuration[]> {
    const { checkSettings } = await import('../src/experiment/run/check-settings.ts')
    checkSettings(plan)
    const { configurations } = await import('../src/targets/configurations.ts')
    const { configurationsText } = await import('../reports/commands/configurations.ts')
    const all = configurations(plan)
    this.print(configurationsText(all, this.look(flags)))
    return all
  }

  private async selftest(plan: Plan, flags: Asked): Promise<Selftest> {
    using interrupted = interruption()
    using progress = progressOn(process.stderr)
    const { selftest } = await import('../src/experiment/selftest/selftest.ts')
    const onTrial = ({ done, of }: { done: number; of: number }) =>
      progress.show(`trial ${done + 1} of ${of}`)
    const found = await selftest({ plan, signal: interrupted.signal, watcher: { onTrial } })
    progress.clear()
    const { selftestText } = await import('../reports/commands/selftest.ts')
    this.print(selftestText(found, this.look(flags)))
    if (interrupted.signal.aborted) this.endWith(exitCodes.interrupted)
    else if (found.stored === undefined) this.endWith(exitCodes.invalid)
    return found
  }

  private async report(document: ResultDocument, flags: Asked): Promise<void> {
    if (document.trials.length === 0) return
    const { rendered } = await import('../reports/formats/rendered.ts')
    this.print(await rendered(flags.format, document, this.look(flags)))
  }
}

type Asked = Interfaces.InferredFlags<typeof Bench.flags & typeof LbCommand.baseFlags>

/** On stderr, before the run: whoever is there may stop it. */
async function sayWhatIsUnfair(plan: Plan): Promise<void> {
  const { configWarningLines } = await import('../src/experiment/run/config-warnings.ts')
  for (const line of configWarningLines(plan)) process.stderr.write(`lb: warning: ${line}\n`)
}

/** The plan with its first arm against itself: as many trials as `lb selftest` takes, unless told. */
async function againstItself(plan: Plan, trials: number | undefined): Promise<Plan> {
  const { againstItself: doubled, pairsEach } = await import('../src/plan/self-plan.ts')
  return doubled(plan, trials ?? 6 * pairsEach)
}

/** What the result is to be held against. */
async function judgementOf(flags: Asked): Promise<ApplyGatesOptions> {
  const { gateRule } = await import('../src/experiment/gates/gate-rule.ts')
  const { readResult } = await import('../src/result/read.ts')
  const { baseline: file, 'on-inconclusive': onInconclusive } = flags
  return {
    rules: (flags['fail-on'] ?? []).map(gateRule),
    strict: onInconclusive === 'fail',
    base: file === undefined ? undefined : { file, document: await readResult(file) },
    force: false,
  }
}

/** Latency can only be compared at the rate that the baseline had. */
async function withRateOf(
  base: ApplyGatesOptions['base'],
  overrides: Overrides,
): Promise<Overrides> {
  if (base === undefined || overrides.rate !== undefined) return overrides
  const { rateOf } = await import('../src/experiment/gates/compare-documents.ts')
  return { ...overrides, rate: rateOf(base.document) }
}

/** What the flags say differently from the scenario. */
function overridesOf(flags: Asked): Overrides {
  const { cores, connections, duration, warmup, trials, backends } = flags
  const { phase, rate, control, precision } = flags
  return {
    ...{ algorithms: flags.algo, targets: flags.target, cores, connections, backends },
    ...{ duration, warmup, trials, phase, rate, control, precision },
    spacing: flags.arrivals,
    maxTime: flags['max-time'],
  }
}
