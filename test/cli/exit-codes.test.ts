import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { exitCodes } from '../../src/kit/exit-codes.ts'

test('every exit code is documented, and no other', async () => {
  const text = await readFile(
    new URL('../../docs/reference/exit-codes.md', import.meta.url),
    'utf8',
  )
  const rows = [...text.matchAll(/^\| (\d+) \| ([a-z ]+) \|/gm)]
  const documented = rows.map(([, code, name]) => [name, Number(code)])
  const named = Object.entries(exitCodes).map(([name, code]) => [
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    code,
  ])
  expect(documented).toEqual(named)
})
