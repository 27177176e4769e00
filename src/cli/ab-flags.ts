import { custom, string } from '@oclif/core/flags'
import { UsageError } from '../kit/errors.ts'

/** Fields of a configuration, as JSON: `{"burn":0.0001}`. */
const fields = custom<Record<string, unknown>>({
  async parse(typed, _context, { name }) {
    const value = parsed(typed)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
    throw new UsageError(
      `--${name} "${typed}" is not a JSON object`,
      `give it as --${name} '{"retries":{"tries":1}}'`,
    )
  },
})

/** The flags that say what sets each side of a duel apart. */
export const abFlags = {
  base: string({
    summary: 'Commit, branch or tag whose balancer is the base.',
    helpValue: 'REF',
  }),
  head: string({
    summary: 'Commit whose balancer is the head; with --base, HEAD unless named.',
    helpValue: 'REF',
    dependsOn: ['base'],
  }),
  'base-config': fields({ summary: 'Fields of the configuration of the base.', helpValue: 'JSON' }),
  'head-config': fields({ summary: 'Fields of the configuration of the head.', helpValue: 'JSON' }),
  'base-command': string({
    summary: 'A command as the base, with {port} and {backends} in it.',
    helpValue: 'LINE',
    dependsOn: ['head-command'],
    exclusive: ['base', 'base-config', 'head-config'],
  }),
  'head-command': string({
    summary: 'A command as the head.',
    helpValue: 'LINE',
    dependsOn: ['base-command'],
  }),
}

function parsed(typed: string): unknown {
  try {
    return JSON.parse(typed)
  } catch {
    return undefined
  }
}
