import type { Interfaces } from '@oclif/core'
import { string } from '@oclif/core/args'
import { boolean, string as text } from '@oclif/core/flags'
import type { Report as Format } from '../reports/formats/report.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, name } from '../src/cli/flags.ts'
import { fileRenderOptions } from '../src/cli/terminal.ts'
import type { RenderOptions } from '../src/kit/render-options.ts'
import type { ResultDocument } from '../src/result/document.ts'

export default class Report extends LbCommand {
  static override summary = 'Write a stored result as a table, markdown, CSV and more.'

  static override description =
    'Nothing is measured again: the result file holds all that a report needs. "lb list formats" lists the formats.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> r.json',
    '<%= config.bin %> <%= command.id %> r.json --output report.md',
    '<%= config.bin %> <%= command.id %> r.json --format markdown --max-bytes 65000',
    '<%= config.bin %> <%= command.id %> r.json --output report.html',
    '<%= config.bin %> <%= command.id %> r.json --output report.md --charts charts',
  ]

  static override args = {
    result: string({ description: 'A file that "lb bench --output" wrote.', required: true }),
  }

  static override flags = {
    format: name({
      char: 'f',
      summary: 'One of "lb list formats"; else by the ending of --output, else a table.',
      helpValue: 'NAME',
      what: 'format',
      among: async () =>
        (await import('../reports/formats/index.ts')).reports.map(({ format }) => format),
    }),
    output: text({
      char: 'o',
      summary: 'Write to this file instead of the screen.',
      helpValue: 'FILE',
    }),
    charts: text({
      summary: 'Draw each chart into this folder, as SVG; markdown shows them.',
      helpValue: 'DIR',
    }),
    force: boolean({
      summary: 'Replace files that exist.',
      relationships: [{ type: 'some', flags: ['output', 'charts'] }],
    }),
    'max-bytes': count({
      summary: 'Most bytes to write: markdown leaves out what matters least, others are refused.',
      helpValue: 'N',
    }),
  }

  async run(): Promise<ResultDocument> {
    const { args, flags } = await this.parse(Report)
    const { reports } = await import('../reports/formats/index.ts')
    const { readResult } = await import('../src/result/read.ts')
    const document = await readResult(args.result)
    const { rendered } = await import('../reports/formats/rendered.ts')
    const look = await this.lookFor(document, flags)
    const written = await rendered(formatOf(flags, reports), document, look)
    if (flags.output === undefined) {
      this.print(written)
      return document
    }
    const { writeOutput } = await import('../src/kit/output.ts')
    await writeOutput({ path: flags.output, force: flags.force }, written)
    return document
  }
  /** How the report may look: where it goes, how long it may be, and the pictures drawn for it. */
  private async lookFor(document: ResultDocument, flags: Asked): Promise<RenderOptions> {
    const limit = flags['max-bytes']
    const { charts: folder, force, output } = flags
    const { writeCharts } = await import('../src/app/chart-files.ts')
    return {
      ...(output === undefined ? this.look(flags) : fileRenderOptions),
      ...(limit !== undefined && { maxBytes: limit }),
      ...(folder !== undefined && {
        pictures: await writeCharts(document, { folder, force, shownIn: output }),
      }),
    }
  }
}

type Asked = Interfaces.InferredFlags<typeof Report.flags & typeof LbCommand.baseFlags>

/** As it was asked for, or as the name of the file says. */
function formatOf({ format, output = '' }: Asked, reports: readonly Format[]): string {
  return format ?? reports.find(({ extension }) => output.endsWith(extension))?.format ?? 'table'
}
