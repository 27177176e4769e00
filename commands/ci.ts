import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { Interfaces } from '@oclif/core'
import { boolean, option, string } from '@oclif/core/flags'
import { abFlags } from '../src/cli/ab-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, counts, name, names, rate, seconds } from '../src/cli/flags.ts'
import { gateFlags } from '../src/cli/gate-flags.ts'
import { interruption } from '../src/cli/interrupt.ts'
import { progressOn } from '../src/cli/progress.ts'
import { UsageError } from '../src/kit/errors.ts'
import { exitCodes } from '../src/kit/exit-codes.ts'
import type { AbSides } from '../src/plan/ab-plan.ts'
import type { Plan } from '../src/plan/plan.ts'
import type { ResultDocument } from '../src/result/document.ts'

export default class Ci extends LbCommand {
  static override summary =
    'Measure two versions of the balancer side by side in one job, and fail on a regression.'

  static override description =
    `Builds both commits of the repository that lb runs from, or takes two configurations or commands, and
measures them in the same blocks, so that whatever drifts on the machine meets both. Work that is not committed is not
built. Writes result.json, comment.md and junit.xml, and the summary of a GitHub job where there is one.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --base origin/main',
    "<%= config.bin %> <%= command.id %> --base main --fail-on 'cpu>+3%' --fail-on 'p99>+10%' --on-inconclusive fail",
    `<%= config.bin %> <%= command.id %> --head-config '{"retries":{"tries":1}}'`,
    "<%= config.bin %> <%= command.id %> --base-command './old --port {port} --to {backends}' --head-command './new --port {port} --to {backends}'",
  ]

  static override flags = {
    ...abFlags,
    ...gateFlags,
    scenario: string({
      char: 's',
      summary: 'A shipped scenario, or a YAML file.',
      helpValue: 'NAME|FILE',
      default: 'ci',
    }),
    algo: names({
      char: 'a',
      summary: 'Algorithms to measure.',
      helpValue: 'NAME,…|all',
      among: async () => (await import('../src/algorithms/index.ts')).algorithms,
      what: 'algorithm',
    }),
    cores: counts({ char: 'c', summary: 'Cores of the balancer.', helpValue: 'N,…' }),
    connections: count({ summary: 'Connections of the driver.', helpValue: 'N' }),
    duration: seconds({ char: 'd', summary: 'Measured time of each trial.', helpValue: 'TIME' }),
    warmup: seconds({
      summary: 'Load before the measured time.',
      helpValue: 'TIME',
      zero: true,
    }),
    trials: count({ summary: 'Pairs of trials in each phase.', helpValue: 'N', least: 2 }),
    phase: option({
      summary: 'How much, how fast, or both.',
      options: ['capacity', 'latency', 'both'] as const,
    })(),
    rate: rate({ summary: 'Arrivals per second in the latency phase.', helpValue: 'REQ/S' }),
    'max-time': seconds({
      summary: 'End a phase early rather than take longer.',
      helpValue: 'TIME',
    }),
    seed: count({ summary: 'Seeds all that is random.', helpValue: 'N', least: 0 }),
    output: string({
      char: 'o',
      summary: 'Folder for the result, the comment and the JUnit file.',
      helpValue: 'FOLDER',
      default: 'lb-ci',
    }),
    force: boolean({ summary: 'Replace files that are in the folder already.' }),
    format: name({
      char: 'f',
      summary: 'How to print the result.',
      helpValue: 'NAME',
      among: async () =>
        (await import('../reports/formats/index.ts')).reports.map(({ format }) => format),
      what: 'format',
      default: 'table',
    }),
  }

  async run(): Promise<ResultDocument> {
    const { flags } = await this.parse(Ci)
    const { gateRule } = await import('../src/experiment/gates/gate-rule.ts')
    const { checkArtifacts, writeArtifacts } = await import('../src/app/artifacts.ts')
    const rules = (flags['fail-on'] ?? usualRules).map(gateRule)
    const judgement = { rules, strict: flags['on-inconclusive'] === 'fail', force: false }
    const output = { path: flags.output, force: flags.force }
    await checkArtifacts(output)
    const plan = await planOf(flags)

    using interrupted = interruption()
    using progress = progressOn(process.stderr)
    const { openTempDir } = await import('../src/lab/temp-dir.ts')
    const { abPlan } = await import('../src/plan/ab-plan.ts')
    const { checkGateOptions, applyGates } = await import('../src/experiment/gates/apply-gates.ts')
    const { experiment } = await import('../src/experiment/run/experiment.ts')
    await using scratch = await openTempDir()
    await using builds = new AsyncDisposableStack()
    const sides = await sidesOf(flags, {
      folder: scratch.path,
      signal: interrupted.signal,
      builds,
      onBuild: (ref) => progress.show(`building ${ref}`),
    })
    const duelled = abPlan(plan, sides)
    await checkGateOptions(duelled, judgement)
    const measured = await experiment({
      plan: duelled,
      lb: this.config.version,
      command: ['ci', ...this.argv],
      signal: interrupted.signal,
      watcher: {
        onTrial: ({ done, of, trial }) =>
          progress.show(`${trial.phase}: trial ${done + 1} of ${of}, ${trial.arm}`),
      },
    })
    progress.clear()
    const document = await applyGates(measured, judgement)
    await writeArtifacts(document, { ...output, summary: process.env.GITHUB_STEP_SUMMARY })
    const { rendered } = await import('../reports/formats/rendered.ts')
    this.print(await rendered(flags.format, document, this.look(flags)))
    const { exitOf } = await import('../src/cli/result-exit-code.ts')
    this.endWith(interrupted.signal.aborted ? exitCodes.interrupted : exitOf(document))
    return document
  }
}

/** What fails without --fail-on: the two metrics that are steady enough to stop a merge for. */
const usualRules = ['cpu>+5%', 'throughput<-5%']

type Asked = Interfaces.InferredFlags<typeof Ci.flags & typeof LbCommand.baseFlags>

async function planOf(flags: Asked): Promise<Plan> {
  const { planFor } = await import('../src/experiment/run/plan-for.ts')
  const { cores, connections, duration, warmup, trials, phase, rate } = flags
  return planFor({
    scenario: flags.scenario,
    seed: flags.seed ?? randomInt(2 ** 31),
    overrides: {
      ...{ algorithms: flags.algo, cores, connections, duration, warmup, trials, phase, rate },
      ...(flags['base-command'] !== undefined && { targets: ['command'] }),
      maxTime: flags['max-time'],
    },
  })
}

interface Building {
  readonly folder: string
  readonly signal: AbortSignal
  /** Takes the builds, to be removed at the end. */
  readonly builds: AsyncDisposableStack
  onBuild(ref: string): void
}

/** What sets the sides apart; commits are built. */
async function sidesOf(flags: Asked, building: Building): Promise<AbSides> {
  const { base, head = 'HEAD' } = flags
  if (flags['base-command'] !== undefined) {
    return {
      base: { command: flags['base-command'] },
      head: { command: flags['head-command'] as string },
    }
  }
  const configs = { base: flags['base-config'], head: flags['head-config'] }
  if (base === undefined && configs.base === undefined && configs.head === undefined) {
    throw new UsageError(
      'ci needs two sides, and there is one',
      'name a commit with --base, a configuration with --head-config, or two commands',
    )
  }
  const config = (side: 'base' | 'head') =>
    configs[side] === undefined ? {} : { config: configs[side] as Record<string, never> }
  if (base === undefined) return { base: config('base'), head: config('head') }
  const from = await built('base', base, building)
  const to = await built('head', head, building)
  return { base: { ...from, ...config('base') }, head: { ...to, ...config('head') } }
}

async function built(side: string, ref: string, { folder, signal, builds, onBuild }: Building) {
  const { buildCommit } = await import('../src/app/commit-build.ts')
  onBuild(ref)
  const made = await buildCommit({ ref, folder: join(folder, side), signal })
  builds.use(made)
  return { commit: made.commit, build: made.folder }
}
