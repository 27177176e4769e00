import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { markdownTable } from './table.ts'

/** What the build writes down of a command, as far as it is shown. */
interface Command {
  readonly id: string
  readonly summary: string
  readonly description?: string
  readonly args: Readonly<Record<string, Argument>>
  readonly flags: Readonly<Record<string, Flag>>
  readonly examples?: readonly (
    | string
    | { readonly description: string; readonly command: string }
  )[]
}

interface Argument {
  readonly name: string
  readonly description?: string
  readonly required?: boolean
}

interface Flag {
  readonly name: string
  readonly char?: string
  readonly summary?: string
  readonly description?: string
  readonly helpValue?: string
  readonly helpGroup?: string
  readonly options?: readonly string[]
  readonly default?: unknown
  readonly multiple?: boolean
  readonly type: 'boolean' | 'option'
}

/** docs/reference/cli.md: every command with its flags, from the manifest that the build writes for help. */
export async function cliReference(): Promise<string> {
  const file = join(import.meta.dirname, '../../oclif.manifest.json')
  const { commands } = JSON.parse(await readFile(file, 'utf8')) as {
    commands: Readonly<Record<string, Command>>
  }
  const all = Object.values(commands).toSorted((a, b) => a.id.localeCompare(b.id))
  return `# Commands

What \`npx lb COMMAND --help\` prints. Every command has \`--json\` and \`--no-color\` if its help says so; exit codes are in
[exit-codes.md](exit-codes.md).

${all.map(section).join('\n\n')}
`
}

function section({ id, summary, description, args, flags, examples = [] }: Command): string {
  const argumentsRows = Object.values(args).map(({ name, description: meaning = '', required }) => [
    `\`${name.toUpperCase()}\``,
    `${meaning}${required ? ' Required.' : ''}`,
  ])
  const flagRows = Object.values(flags)
    .filter(({ helpGroup }) => helpGroup !== 'GLOBAL')
    .map(flagRow)
  return [
    `## lb ${id}`,
    [summary, ...(description === undefined ? [] : [description])].join('\n\n'),
    ...(argumentsRows.length === 0 ? [] : [markdownTable(['argument', 'meaning'], argumentsRows)]),
    ...(flagRows.length === 0 ? [] : [markdownTable(['flag', 'default', 'meaning'], flagRows)]),
    ...(examples.length === 0
      ? []
      : [`\`\`\`sh\n${examples.map(exampleOf(id)).join('\n')}\n\`\`\``]),
  ].join('\n\n')
}

function flagRow(flag: Flag): string[] {
  const { name, char, summary, description, helpValue, options, multiple, default: preset } = flag
  const value = flag.type === 'option' ? ` ${helpValue ?? options?.join('|') ?? 'VALUE'}` : ''
  const repeatable = multiple ? ' Repeatable.' : ''
  return [
    `\`${char === undefined ? '' : `-${char}, `}--${name}${value}\``,
    preset === undefined || preset === false ? '–' : `\`${String(preset)}\``,
    `${summary ?? description ?? ''}${repeatable}`,
  ]
}

function exampleOf(id: string) {
  return (example: NonNullable<Command['examples']>[number]): string => {
    const { description, command } =
      typeof example === 'string' ? { description: undefined, command: example } : example
    const line = command
      .replaceAll('<%= config.bin %>', 'npx lb')
      .replaceAll('<%= command.id %>', id)
    return description === undefined ? line : `# ${description}\n${line}`
  }
}
