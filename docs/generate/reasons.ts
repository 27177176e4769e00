import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { reason } from '../../src/result/reason.ts'
import { markdownTable } from './table.ts'

/** Files in src/result/reasons that define codes, and what their codes are about. */
const kinds = {
  bottleneck: 'Bottleneck of a trial',
  trial: 'Checks of a trial',
  estimate: 'Estimates, comparisons and fits',
  gate: 'Gates',
  run: 'The run as a whole',
} as const

/** One variant of the union of all reasons, as JSON Schema. */
interface Variant {
  readonly properties: {
    readonly code: { readonly const: string }
    readonly values: { readonly properties?: Readonly<Record<string, unknown>> }
  }
}

/** docs/reference/reasons.md: every reason code, with what it means and the names of its values. */
export async function reasonsReference(): Promise<string> {
  const values = valueNames()
  const sections = await Promise.all(
    Object.entries(kinds).map(async ([kind, title]) => {
      const rows = [...(await meaningsIn(`${kind}-reasons.ts`))].map(([code, meaning]) => [
        `\`${code}\``,
        meaning,
        values.get(code)?.join(', ') || '–',
      ])
      return `## ${title}\n\n${markdownTable(['code', 'meaning', 'values'], rows)}`
    }),
  )
  return `# Reasons

Why a verdict, an estimate, a gate or a warning is as it is. A result document stores each as \`{ "code": …, "values": … }\`; reports word
them. Times are seconds, shares fractions.

${sections.join('\n\n')}
`
}

function valueNames(): Map<string, string[]> {
  const { anyOf, oneOf } = z.toJSONSchema(reason, { unrepresentable: 'any', io: 'input' })
  const variants = (oneOf ?? anyOf ?? []) as unknown as readonly Variant[]
  return new Map(
    variants.map(({ properties: { code, values } }) => [
      code.const,
      Object.keys(values.properties ?? {}).map((name) => `\`${name}\``),
    ]),
  )
}

/** Codes that a file in src/result/reasons defines, each with what the doc comment in front of it says. */
export async function meaningsIn(file: string): Promise<Map<string, string>> {
  const path = join(import.meta.dirname, '../../src/result/reasons', file)
  const found = (await readFile(path, 'utf8')).matchAll(
    /\/\*\*((?:(?!\*\/).)*)\*\/\n {2}'?([\w.-]+)'?:/gs,
  )
  return new Map(
    [...found].map(([, comment = '', code = '']) => [
      code,
      comment.replaceAll(/\s*\n\s*\*\s*/g, ' ').trim(),
    ]),
  )
}
