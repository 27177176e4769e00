import { custom, string } from '@oclif/core/flags'
import { UsageError } from '../kit/errors.ts'
import { readError, readText } from '../kit/read-text.ts'

/**
 * Fields of a balancer configuration, as JSON: `{"retries":{"tries":1}}`, or `@FILE` with it: arguments of a process are
 * visible to every user of the host.
 */
const fields = custom<Record<string, unknown>>({
  async parse(typed, _context, { name }) {
    const value = parseJson(typed.startsWith('@') ? await textOf(typed.slice(1), name) : typed)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
    throw new UsageError(
      // Without the value, which may contain a secret.
      `--${name} is not a JSON object`,
      `use --${name} '{"retries":{"tries":1}}', or --${name} @FILE`,
    )
  },
})

/** The flags that define the two sides of an A/B comparison: base and head. */
export const abFlags = {
  base: string({
    helpGroup: 'TARGET',
    summary: 'Commit, branch or tag of lb whose balancer is the base.',
    helpValue: 'REF',
  }),
  head: string({
    helpGroup: 'TARGET',
    summary: 'Commit, branch or tag whose balancer is the head (default with --base: HEAD).',
    helpValue: 'REF',
    dependsOn: ['base'],
  }),
  'base-config': fields({
    helpGroup: 'TARGET',
    summary:
      'JSON that overrides fields of the reference balancer’s configuration, for the base; or @FILE with it, for secrets.',
    helpValue: 'JSON|@FILE',
  }),
  'head-config': fields({
    helpGroup: 'TARGET',
    summary:
      'JSON that overrides fields of the reference balancer’s configuration, for the head; or @FILE with it, for secrets.',
    helpValue: 'JSON|@FILE',
  }),
  'base-command': string({
    helpGroup: 'TARGET',
    summary: 'Command that starts the base balancer, with the placeholders {port} and {backends}.',
    helpValue: 'LINE',
    dependsOn: ['head-command'],
    exclusive: ['base', 'base-config', 'head-config'],
  }),
  'head-command': string({
    helpGroup: 'TARGET',
    summary: 'Command that starts the head balancer, with the placeholders {port} and {backends}.',
    helpValue: 'LINE',
    dependsOn: ['base-command'],
  }),
}

/** The values of those flags. */
export interface AbFlags {
  readonly base?: string | undefined
  readonly head?: string | undefined
  readonly 'base-config'?: Readonly<Record<string, unknown>> | undefined
  readonly 'head-config'?: Readonly<Record<string, unknown>> | undefined
  readonly 'base-command'?: string | undefined
  readonly 'head-command'?: string | undefined
}

/** Bytes of a configuration. */
const maxBytes = 2 ** 20

async function textOf(file: string, flag: string): Promise<string> {
  return await readText(file, maxBytes).catch((cause) => {
    const why = readError(cause, maxBytes)
    throw new UsageError(`--${flag}: cannot read ${file} (${why})`, 'give the path of a JSON file')
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
