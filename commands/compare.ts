import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name } from '../src/cli/flags.ts'
import { gateFlags } from '../src/cli/gate-flags.ts'
import type { ResultDocument } from '../src/result/document.ts'

export default class Compare extends LbCommand {
  static override summary = 'Compare two stored results, and fail on a regression.'

  static override description =
    `Arms are matched by their names. The trials of two runs are no pairs, so that each metric is compared as
two samples: the Hodges-Lehmann shift of its logarithms, with the interval of the Mann-Whitney test. What changed on the
host between the two runs is part of every difference: "lb ci" runs both sides at once, and has no such doubt.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> base.json head.json',
    "<%= config.bin %> <%= command.id %> base.json head.json --fail-on 'cpu>+5%' --fail-on 'throughput<-3%'",
    '<%= config.bin %> <%= command.id %> base.json head.json --format markdown --max-bytes 65000',
  ]

  static override args = {
    base: string({ description: 'The result to compare with.', required: true }),
    head: string({ description: 'The result that may be better or worse.', required: true }),
  }

  static override flags = {
    ...gateFlags,
    force: boolean({
      summary: 'Compare results of different hosts or plans; every format then says so.',
    }),
    format: name({
      char: 'f',
      summary: 'One of "lb list formats".',
      helpValue: 'NAME',
      default: 'table',
      what: 'format',
      among: async () =>
        (await import('../reports/formats/index.ts')).reports.map(({ format }) => format),
    }),
    'max-bytes': count({
      summary: 'Most bytes to write: markdown leaves out what matters least, others are refused.',
      helpValue: 'N',
    }),
  }

  async run(): Promise<ResultDocument> {
    const { args, flags } = await this.parse(Compare)
    const { gateRule } = await import('../src/experiment/gates/gate-rule.ts')
    const rules = (flags['fail-on'] ?? []).map(gateRule)
    const { readResult } = await import('../src/result/read.ts')
    const { applyGates } = await import('../src/experiment/gates/apply-gates.ts')
    const document = await applyGates(await readResult(args.head), {
      rules,
      strict: flags['on-inconclusive'] === 'fail',
      base: { file: args.base, document: await readResult(args.base) },
      force: flags.force,
    })
    const { rendered } = await import('../reports/formats/rendered.ts')
    const limit = flags['max-bytes']
    const look = { ...this.look(flags), ...(limit !== undefined && { maxBytes: limit }) }
    this.print(await rendered(flags.format, document, look))
    const { exitOf } = await import('../src/cli/result-exit-code.ts')
    this.endWith(exitOf(document))
    return document
  }
}
