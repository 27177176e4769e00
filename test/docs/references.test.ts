import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { references } from '../../docs/generate/references.ts'
import { exitCodes } from '../../src/kit/exit-codes.ts'
import { reason } from '../../src/result/reason.ts'

/** What `npm run docs` writes. */
const folder = join(import.meta.dirname, '../../docs')

test.for(Object.entries(references))(
  'docs/%s is what the code says: `npm run docs` writes it',
  async ([path, text]) => {
    expect(readFileSync(join(folder, path), 'utf8')).toBe(await text())
  },
)

test.for(['scenarios', 'balancer-configuration', 'cli', 'metrics', 'reasons'])(
  'every row of %s.md says what it means',
  async (name) => {
    const rows = String(await references[`reference/${name}.md`]?.()).match(/^\| `.*$/gm) ?? []
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter((row) => /\| {2}\|/.test(row))).toEqual([])
  },
)

test('every reason code is in reasons.md, with its meaning', () => {
  const text = readFileSync(join(folder, 'reference/reasons.md'), 'utf8')
  const listed = [...text.matchAll(/^\| `([^`]+)` \| [A-Z0-9]/gm)].map(([, code]) => code)
  const codes = alternatives(z.toJSONSchema(reason, { unrepresentable: 'any', io: 'input' }))
  expect(codes.length).toBeGreaterThan(40)
  expect(listed.toSorted()).toEqual(codes.toSorted())
})

test('every exit code is in exit-codes.md, in ascending order', () => {
  const text = readFileSync(join(folder, 'reference/exit-codes.md'), 'utf8')
  const listed = [...text.matchAll(/^\| (\d+) \| [a-z ]+ \| [A-Z]/gm)].map(([, code]) =>
    Number(code),
  )
  expect(listed).toEqual(Object.values(exitCodes))
})

/** The values that `code` has in the variants of a union. */
function alternatives({ oneOf = [] }: { oneOf?: unknown[] }): string[] {
  return (oneOf as { properties: { code: { const: string } } }[]).map(
    ({ properties }) => properties.code.const,
  )
}
