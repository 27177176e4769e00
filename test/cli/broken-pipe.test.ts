import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const run = join(import.meta.dirname, '../../bin/run.js')

test.for([
  ['help', ['backends', '--help']],
  ['a command', ['list', 'algorithms']],
] as const)('a reader that leaves early gets no complaint: %s', async ([, args]) => {
  const child = spawn(process.execPath, [run, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect({ code, said }).toEqual({ code: 0, said: '' })
})
