import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

const module = new URL('../../support/processes/remove-at-end.ts', import.meta.url)

test('a process that is killed leaves nothing of its cluster', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lb-removed-'))
  const code = `
    const { removeAtEnd } = await import(${JSON.stringify(module)})
    removeAtEnd({ spaces: [], folder: ${JSON.stringify(folder)} })
    process.send('ready')`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(owner, 'message')
  expect(existsSync(folder)).toBe(true)
  owner.kill('SIGKILL')
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 5000 })
})
