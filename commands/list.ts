import { string } from '@oclif/core/args'
import type { Listed } from '../reports/commands/listing.ts'
import { LbCommand } from '../src/cli/command.ts'

/** What can be listed, each loaded only when it is asked for. */
const lists = {
  algorithms: async () => {
    const { algorithms } = await import('../src/algorithms/index.ts')
    return algorithms.map(({ name, aliases, summary, sees, cost, state, parameters, source }) => ({
      name,
      summary,
      details: {
        ...(aliases.length > 0 && { 'also called': aliases.join(', ') }),
        'looks at': sees.length > 0 ? sees.join(', ') : 'nothing but who is eligible',
        'cost per pick': cost,
        remembers: state,
        ...(Object.keys(parameters).length > 0 && { parameters: inWords(parameters) }),
        source,
      },
    }))
  },
  scenarios: async () => {
    const { shippedQuestions } = await import('../src/plan/scenarios.ts')
    return (await shippedQuestions()).map(({ name, question }) => ({ name, summary: question }))
  },
  targets: async () => {
    const { installedTargets } = await import('../src/targets/installed-targets.ts')
    return (await installedTargets()).map(({ name, summary, algorithms, missing }) => ({
      name,
      summary,
      details: {
        algorithms: Object.keys(algorithms).join(', ') || 'none of its own',
        here: missing ?? 'ready',
      },
    }))
  },
  formats: async () => {
    const { reports } = await import('../reports/formats/index.ts')
    return reports.map(({ format, summary, extension }) => ({
      name: format,
      summary: `${summary} (${extension})`,
    }))
  },
} satisfies Record<string, () => Promise<Listed[]>>

type What = keyof typeof lists

export default class List extends LbCommand {
  static override summary = 'List what can be named: algorithms, scenarios, targets or formats.'

  static override examples = [
    {
      description: 'Every algorithm, what it costs and remembers, and its source',
      command: '<%= config.bin %> <%= command.id %> algorithms',
    },
    {
      description: 'The scenarios that are shipped, and what each asks',
      command: '<%= config.bin %> <%= command.id %> scenarios',
    },
    {
      description: 'Which targets can run here',
      command: '<%= config.bin %> <%= command.id %> targets',
    },
  ]

  static override args = {
    what: string({
      description: 'What to list.',
      options: Object.keys(lists),
      required: true,
    }),
  }

  async run(): Promise<Listed[]> {
    const { args, flags } = await this.parse(List)
    const items = await lists[args.what as What]()
    if (!this.jsonEnabled()) {
      const { listing } = await import('../reports/commands/listing.ts')
      this.print(listing(items, this.look(flags)))
    }
    return items
  }
}

type Parameters = Readonly<
  Record<
    string,
    {
      readonly summary: string
      readonly unit: string
      readonly default: number
      readonly least: number
      readonly most: number
    }
  >
>

function inWords(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(
      ([name, { summary, unit, least, most, ...given }]) =>
        `${name} = ${given.default}${unit && ` ${unit}`} (${least} to ${most}): ${summary}`,
    )
    .join('; ')
}
