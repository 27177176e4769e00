import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileCacheFolder } from '../../src/cli/compile-cache.ts'

const run = join(import.meta.dirname, '../../bin/run.js')

/** An empty folder of this user, 0700. */
const empty = () => mkdtempDisposable(join(tmpdir(), 'lb-cache-'))

test('lb keeps compiled code in a folder of the user, not in the temporary folder of all', async () => {
  await using folder = await empty()
  const shared = join(folder.path, 'tmp')
  const cache = join(folder.path, 'cache')
  mkdirSync(join(shared, 'node-compile-cache'), { recursive: true })
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  const { status } = spawnSync(process.execPath, [run, '--version'], {
    env: { ...env, TMPDIR: shared, XDG_CACHE_HOME: cache },
  })
  expect(status).toBe(0)
  expect(readdirSync(join(shared, 'node-compile-cache'))).toEqual([])
  expect(readdirSync(join(cache, 'lb', 'compiled'))).not.toEqual([])
  expect(statSync(join(cache, 'lb', 'compiled')).mode & 0o777).toBe(0o700)
})

test.for<[string, (cache: string) => void]>([
  ['others may write to it', (cache) => open(join(cache, 'lb', 'compiled'))],
  ['others may write to a folder above', (cache) => open(join(cache, 'lb'))],
  ['it is a symbolic link', link],
  ['it cannot be created', (cache) => symlinkSync('/dev/null', join(cache, 'lb'))],
])('no cache where %s', async ([, arrange]) => {
  await using folder = await empty()
  arrange(folder.path)
  expect(compileCacheFolder({ XDG_CACHE_HOME: folder.path })).toBeUndefined()
})

test('a relative XDG_CACHE_HOME is ignored', () => {
  const folder = compileCacheFolder({ XDG_CACHE_HOME: 'relative' })
  expect(folder ?? '/').toMatch(/^\//)
})

/** Makes a folder that everyone may write to. */
function open(path: string): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o777)
}

function link(cache: string): void {
  mkdirSync(join(cache, 'elsewhere'), { mode: 0o700 })
  mkdirSync(join(cache, 'lb'))
  symlinkSync(join(cache, 'elsewhere'), join(cache, 'lb', 'compiled'))
}
