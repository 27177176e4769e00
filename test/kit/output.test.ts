import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { checkOutput, ownersOnly, writeOutput } from '../../src/kit/output.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-output-'))
})
afterEach(() => rm(folder, { recursive: true }))

const out = (name: string, force = false) => ({ path: join(folder, name), force })

test('the check leaves nothing behind', async () => {
  await checkOutput(out('new.md'))
  expect(await readdir(folder)).toEqual([])
})

test('writes a new file, and no other', async () => {
  await writeOutput(out('new.md'), 'text')
  expect(await readdir(folder)).toEqual(['new.md'])
  expect(await readFile(join(folder, 'new.md'), 'utf8')).toBe('text')
})

test('overwrites a file only with force', async () => {
  await writeFile(join(folder, 'old.md'), 'old')
  const refused = { exitCode: 2, message: `${join(folder, 'old.md')} exists` }
  await expect(checkOutput(out('old.md'))).rejects.toMatchObject(refused)
  await expect(writeOutput(out('old.md'), 'new')).rejects.toMatchObject(refused)
  expect(await readFile(join(folder, 'old.md'), 'utf8')).toBe('old')
  await checkOutput(out('old.md', true))
  await writeOutput(out('old.md', true), 'new')
  expect(await readFile(join(folder, 'old.md'), 'utf8')).toBe('new')
})

test.for(['real.md', 'nothing.md'])(
  'a link to %s is refused, and what it leads to stays',
  async (target) => {
    await writeFile(join(folder, 'real.md'), 'old')
    await symlink(join(folder, target), join(folder, 'link.md'))
    const refused = { exitCode: 2, message: `${join(folder, 'link.md')} is a symbolic link` }
    for (const force of [false, true]) {
      await expect(checkOutput(out('link.md', force))).rejects.toMatchObject(refused)
      await expect(writeOutput(out('link.md', force), 'new')).rejects.toMatchObject(refused)
    }
    expect(await readFile(join(folder, 'real.md'), 'utf8')).toBe('old')
    expect((await readdir(folder)).toSorted()).toEqual(['link.md', 'real.md'])
  },
)

test('a file with a mode has it from the beginning, also in place of another', async () => {
  await writeFile(join(folder, 'old.json'), 'old', { mode: 0o644 })
  await writeOutput(out('old.json', true), 'new', ownersOnly)
  expect((await stat(join(folder, 'old.json'))).mode & 0o777).toBe(0o600)
})

test('a device without room is one error, not a fault of lb', async () => {
  await expect(writeOutput({ path: '/dev/full', force: true }, 'text')).rejects.toMatchObject({
    exitCode: 2,
    message: 'cannot write /dev/full (ENOSPC)',
  })
})

test.for([
  ['missing/new.md', 'ENOENT'],
  ['.', 'EISDIR'],
])('refuses %s before the run', async ([name, code]) => {
  await expect(checkOutput(out(name as string, true))).rejects.toMatchObject({
    exitCode: 2,
    message: `cannot write ${join(folder, name as string)} (${code})`,
  })
})

test('refuses a folder that cannot be written, even by root', async () => {
  await expect(checkOutput({ path: '/proc/new.md', force: false })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/^cannot write \/proc\/new\.md \(/),
  })
})

test('writes to a device directly', async () => {
  await checkOutput({ path: '/dev/null', force: false })
  await writeOutput({ path: '/dev/null', force: false }, 'text')
})

test('a kill in the middle of a write leaves the old file unchanged', async () => {
  await writeFile(join(folder, 'old.md'), 'old')
  const bytes = 64 * 2 ** 20
  const writer = modulePath('../support/processes/children/large-file-writer', import.meta.url)
  const watching = watch(folder)
  const touched = once(watching, 'change')
  const child = spawn(process.execPath, [writer, join(folder, 'old.md'), String(bytes)])
  const gone = once(child, 'exit')
  await touched
  child.kill('SIGKILL')
  await gone
  watching.close()
  // Should the kill come late, the new file is there, and whole as well.
  expect([3, bytes]).toContain((await readFile(join(folder, 'old.md'))).length)
})

test('a full disk leaves the old file unchanged, and no other', async ({ skip }) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    skip('no file system may be mounted here: that takes root')
  }
  try {
    await writeFile(join(folder, 'old.md'), 'old')
    await expect(writeOutput(out('old.md', true), 'n'.repeat(2 ** 20))).rejects.toMatchObject({
      exitCode: 2,
      message: `cannot write ${join(folder, 'old.md')} (ENOSPC)`,
      hint: expect.stringContaining('free disk space'),
    })
    expect(await readdir(folder)).toEqual(['old.md'])
    expect(await readFile(join(folder, 'old.md'), 'utf8')).toBe('old')
  } finally {
    execFileSync('umount', [folder])
  }
})
