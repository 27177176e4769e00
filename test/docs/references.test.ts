import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { references } from '../../docs/generate/references.ts'

/** What `npm run docs` writes. */
const folder = join(import.meta.dirname, '../../docs/reference')

test.for(Object.entries(references))(
  'docs/reference/%s is what the code says: `npm run docs` writes it',
  async ([name, text]) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(await text())
  },
)

test.for(['scenarios.md', 'balancer-configuration.md', 'cli.md', 'metrics.md'])(
  'every row of %s says what it means',
  async (name) => {
    const rows = String(await references[name]?.()).match(/^\| `.*$/gm) ?? []
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter((row) => /\| {2}\|$|\| – \|$/.test(row))).toEqual([])
  },
)
