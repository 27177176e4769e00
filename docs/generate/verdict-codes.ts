import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { meaningsIn } from './reasons.ts'
import { markdownTable } from './table.ts'

const [begin, end] = ['<!-- verdict codes -->\n', '<!-- /verdict codes -->']

/** docs/glossary.md, with the codes that a verdict can have between its marks. */
export async function glossaryWithCodes(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../glossary.md'), 'utf8')
  const [before, rest = ''] = text.split(begin)
  const [, after] = rest.split(end)
  if (after === undefined) throw new Error('docs/glossary.md has no marks named verdict codes')
  const meanings = [
    ...(await meaningsIn('bottleneck-reasons.ts')),
    ...(await meaningsIn('trial-reasons.ts')),
  ]
  const rows = meanings.map(([code, meaning]) => [`\`${code}\``, meaning, '–'])
  const table = markdownTable(['verdict code', 'meaning', 'elsewhere'], rows)
  return `${before}${begin}\n${table}\n\n${end}${after}`
}
