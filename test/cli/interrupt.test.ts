import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { interruption } from '../../src/cli/interrupt.ts'

const script = fileURLToPath(import.meta.resolve('./probe-command.ts'))

function start(...argv: string[]) {
  const child = spawn(process.execPath, [script, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, errors: text(child.stderr), line: async () => (await lines.next()).value }
}

test.for(['SIGINT', 'SIGTERM'] as const)(
  'the first %s lets the command end in order, with 130',
  async (signal) => {
    const { child, errors, line } = start('--wait', 'interrupt')
    expect(await line()).toBe('waiting')
    child.kill(signal)
    expect(await line()).toBe('aborted')
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(await errors).toBe(`lb: interrupted by ${signal}\n`)
  },
)

test('a second Ctrl-C exits at once', async () => {
  const { child, line } = start('--wait', 'ever')
  expect(await line()).toBe('waiting')
  child.kill('SIGINT')
  expect(await line()).toBe('aborted')
  const again = setInterval(() => child.kill('SIGINT'), 50)
  expect(await once(child, 'exit')).toEqual([130, null])
  clearInterval(again)
})

test('one interruption may arrive several times: of the process group, of npx, of timeout', () => {
  let ms = 1000
  const codes: number[] = []
  using interrupted = interruption({ exit: (code) => codes.push(code), now: () => ms })
  const signal = process.listeners('SIGINT').at(-1) as NodeJS.SignalsListener
  for (const after of [0, 1, 20, 400]) {
    ms = 1000 + after
    signal('SIGINT')
  }
  expect(interrupted.signal.aborted).toBe(true)
  expect(codes).toEqual([])
  ms = 1500
  signal('SIGINT')
  expect(codes).toEqual([130])
})

test('signals kill the process again after disposal', () => {
  const before = process.listenerCount('SIGINT')
  {
    using _ = interruption()
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
  }
  expect(process.listenerCount('SIGINT')).toBe(before)
})
