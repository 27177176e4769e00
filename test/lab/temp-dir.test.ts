import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTempDir } from '../../src/lab/temp-dir.ts'

const before = process.env.TMPDIR
beforeEach(() => {
  delete process.env.TMPDIR
})
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
})

test.for([
  ['/dev/null', 'ENOTDIR'],
  ['/nowhere/at/all', 'ENOENT'],
])('TMPDIR=%s is the mistake of the user: one line that names it', async ([folder = '', code]) => {
  process.env.TMPDIR = folder
  await expect(openTempDir()).rejects.toMatchObject({
    exitCode: 2,
    message: `cannot create a temporary directory in ${folder} (${code})`,
    hint: expect.stringContaining('set TMPDIR'),
  })
})

test('it is removed when it goes out of scope, unless it is kept', async () => {
  const paths: string[] = []
  for (const kept of [false, true]) {
    await using folder = await openTempDir()
    paths.push(folder.path)
    if (kept) folder.keep()
  }
  expect(paths.map((path) => existsSync(path))).toEqual([false, true])
  await rm(paths[1] as string, { recursive: true })
})
