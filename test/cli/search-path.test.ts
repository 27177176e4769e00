import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { keepAbsolutePath } from '../../src/cli/search-path.ts'

test.for([
  ['/usr/bin:/bin', '/usr/bin:/bin'],
  ['.:/bin', '/bin'],
  [':/bin:', '/bin'],
  ['/bin::bin:./bin:../bin:node_modules/.bin:/sbin', '/bin:/sbin'],
  ['', ''],
])('of PATH %j stays %j', ([path, kept]) => {
  const env = { PATH: path }
  keepAbsolutePath(env)
  expect(env.PATH).toBe(kept)
})

test('programs of the working folder are not run, though PATH names it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lb-test-'))
  try {
    for (const name of [
      'getconf',
      'perf',
      'nginx',
      'haproxy',
      'wrk',
      'h2load',
      'getent',
      'taskset',
    ]) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} >> '${folder}/run'\n`)
      chmodSync(join(folder, name), 0o755)
    }
    const lb = resolve(import.meta.dirname, '../../bin/dev.js')
    for (const args of [
      ['list', 'targets'],
      ['doctor', '--json'],
    ]) {
      const PATH = `:.:${process.env.PATH}`
      spawnSync(process.execPath, [lb, ...args], { cwd: folder, env: { ...process.env, PATH } })
    }
    expect(existsSync(join(folder, 'run'))).toBe(false)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
