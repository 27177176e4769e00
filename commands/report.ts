import { string } from '@oclif/core/args'
import { boolean, string as text } from '@oclif/core/flags'
import { LbCommand } from '../src/cli/command.ts'
import { count, name } from '../src/cli/flags.ts'
import { fileLook } from '../src/cli/look.ts'
import type { ResultDocument } from '../src/result/document.ts'

export default class Report extends LbCommand {
  static override summary = 'Write a stored result as a table, markdown, CSV and more.'

  static override description =
    'Nothing is measured again: the result file holds all that a report needs. "lb list formats" lists the formats.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> r.json',
    '<%= config.bin %> <%= command.id %> r.json --format markdown --output report.md',
    '<%= config.bin %> <%= command.id %> r.json --format markdown --max-bytes 65000',
  ]

  static override args = {
    result: string({ description: 'A file that "lb bench --output" wrote.', required: true }),
  }

  static override flags = {
    format: name({
      char: 'f',
      summary: 'One of "lb list formats".',
      default: 'table',
      what: 'format',
      among: async () => (await import('../reports/index.ts')).reports.map(({ format }) => format),
    }),
    output: text({ char: 'o', summary: 'Write to this file instead of the screen.' }),
    force: boolean({ summary: 'Replace the file if it exists.', dependsOn: ['output'] }),
    'max-bytes': count({
      summary: 'Most bytes to write; markdown leaves out what matters least to keep it.',
    }),
  }

  async run(): Promise<ResultDocument> {
    const { args, flags } = await this.parse(Report)
    const { reports } = await import('../reports/index.ts')
    const { readResult } = await import('../src/result/read.ts')
    const document = await readResult(args.result)
    const report = reports.find(({ format }) => format === flags.format)
    const look = flags.output === undefined ? this.look(flags) : fileLook
    const limit = flags['max-bytes']
    const written =
      report?.render(document, limit === undefined ? look : { ...look, maxBytes: limit }) ?? ''
    if (flags.output === undefined) {
      this.print(written)
      return document
    }
    const { writeOutput } = await import('../src/kit/output.ts')
    await writeOutput({ path: flags.output, force: flags.force }, written)
    return document
  }
}
