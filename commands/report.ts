import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { optionalFormatFlag } from '../src/cli/choice-flags.ts'
import { LbCommand } from '../src/cli/command.ts'
import { fullFlag } from '../src/cli/full-flag.ts'
import { maxBytesFlag } from '../src/cli/max-bytes-flag.ts'

/** Renders a stored result. */
export default class Report extends LbCommand {
  static override summary = 'Render a stored result as a table, HTML, markdown, CSV and more.'

  static override description =
    'Measures nothing: the result file contains everything that a report needs.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> r.json',
    '<%= config.bin %> <%= command.id %> r.json --output report.md',
    '<%= config.bin %> <%= command.id %> r.json --format markdown --max-bytes 65000',
    '<%= config.bin %> <%= command.id %> r.json --output report.html',
    '<%= config.bin %> <%= command.id %> r.json --output report.md --charts charts',
  ]

  static override args = {
    result: argument({
      description:
        'Result file, as written by --output of "lb bench", "lb load", "lb simulate" or "lb choose" (default: the last run).',
    }),
  }

  static override flags = {
    format: optionalFormatFlag,
    full: fullFlag,
    output: string({
      helpGroup: 'OUTPUT',
      char: 'o',
      summary: 'Write the report to this file instead of standard output.',
      helpValue: 'FILE',
    }),
    charts: string({
      helpGroup: 'OUTPUT',
      summary: 'Write each chart as an SVG file into this folder; markdown embeds them.',
      helpValue: 'FOLDER',
    }),
    force: boolean({
      helpGroup: 'OUTPUT',
      summary: 'Overwrite existing files.',
      relationships: [{ type: 'some', flags: ['output', 'charts'] }],
    }),
    'max-bytes': maxBytesFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Report)
    const { report } = await import('../src/app/report.ts')
    return report(args.result, flags, this.invocation(flags))
  }
}
