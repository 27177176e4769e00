import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { openTempDir } from '../../src/lab/temp-dir.ts'

const module = new URL('../../src/lab/compile-cache.ts', import.meta.url).href

/** The environment for children of a process without a compile cache, and after it has enabled one in `folder`. */
function environments(folder: string, own: Readonly<Record<string, string>>): unknown {
  const script = `
    import { enableCompileCache } from 'node:module'
    import { compileCache } from '${module}'
    const without = compileCache()
    enableCompileCache('${folder}')
    console.log(JSON.stringify([without, compileCache()]))`
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...env } = process.env
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...env, ...own },
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

test('processes of lb use the compile cache of this one, where there is one that the user has not set', async () => {
  await using tempDir = await openTempDir()
  const { path } = tempDir
  expect(environments(path, {})).toEqual([{}, { NODE_COMPILE_CACHE: path }])
  expect(environments(path, { NODE_COMPILE_CACHE: path })).toEqual([{}, {}])
})
