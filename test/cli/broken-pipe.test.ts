import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const run = join(import.meta.dirname, '../../bin/run.js')

test.for([
  ['help', ['backends', '--help']],
  ['a command', ['list', 'algorithms']],
] as const)('a reader that closes the pipe early is no error: %s', async ([, args]) => {
  const child = spawn(process.execPath, [run, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect({ code, said }).toEqual({ code: 0, said: '' })
})

test.skipIf(!existsSync('/dev/full'))(
  'a full disk behind standard output is reported on one line',
  async () => {
    await using full = await open('/dev/full', 'w')
    const child = spawn(process.execPath, [run, 'list', 'algorithms'], {
      stdio: ['ignore', full.fd, 'pipe'],
    })
    const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr as Readable)])
    expect({ code, said }).toEqual({
      code: 2,
      said: 'lb: cannot write to standard output (ENOSPC): free disk space, or redirect the output elsewhere\n',
    })
  },
)
