import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { captureOutput } from '@oclif/test'
import { expect, test } from 'vitest'
import { exitCodes } from '../../src/kit/exit-codes.ts'
import type { Reason } from '../../src/result/reason.ts'
import { writeResult } from '../../src/result/write.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { runProbe } from './probe-command.ts'

const script = fileURLToPath(import.meta.resolve('./probe-command.ts'))

/** Runs the probe as a process of its own, as a shell would. */
function start(...argv: string[]) {
  return spawn(process.execPath, [script, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function ended(child: ReturnType<typeof start>) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { stdout, stderr, code }
}

const run = (argv: string) => captureOutput(() => runProbe(argv.split(' ').filter(Boolean)))

test('an error is one line on stderr, with the remedy and the exit code of its kind', async () => {
  const { error, stderr, stdout } = await run('--fail usage')
  expect(stderr).toBe('lb: cats.yaml, line 3: no such cat: adopt one\n')
  expect(stdout).toBe('')
  expect(error?.oclif?.exit).toBe(2)
})

test('under --json an error is an object on stdout, and the exit code the same', async () => {
  const { error, stderr, stdout } = await run('--fail usage --json')
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'LB_USAGE',
      message: 'cats.yaml, line 3: no such cat',
      hint: 'adopt one',
      exitCode: 2,
    },
  })
  expect(stderr).toBe('')
  expect(error?.oclif?.exit).toBe(2)
})

test('an unexpected error is one line too, without stack trace', async () => {
  const { error, stderr } = await run('--fail bug')
  expect(stderr).toMatch(/^lb: unexpected error: cat is not a function at all: .*\n$/)
  expect(error?.oclif?.exit).toBe(1)
})

test.for([
  ['--tirals 3', 'lb: unknown flag --tirals: did you mean --trials?'],
  ['--tirals=3', 'lb: unknown flag --tirals: did you mean --trials?'],
  ['--aa', 'lb: unknown flag --aa: use "lb selftest" to measure the balancer against itself'],
  ['--xyzzyxyzzy', 'lb: unknown flag --xyzzyxyzzy: see "lb probe --help"'],
  ['surplus', 'lb: unexpected argument surplus: see "lb probe --help"'],
  ['--trials', 'lb: --trials needs a value: see "lb probe --help"'],
  ['--trials 1 --trials 2', 'lb: --trials may be given only once: see "lb probe --help"'],
])('a usage error in %s is one line, with the nearest flag', async ([argv, line]) => {
  const { error, stderr } = await run(argv as string)
  expect(stderr).toBe(`${line}\n`)
  expect(error?.oclif?.exit).toBe(2)
})

test.for(Object.values(exitCodes))('ends with %i and its result, as a process', async (code) => {
  const { stdout, stderr, ...end } = await ended(start('--end', String(code), '--json'))
  expect(JSON.parse(stdout)).toMatchObject({ flags: { end: code } })
  expect({ stderr, ...end }).toEqual({ stderr: '', code })
})

test('the process ends with the exit code of the error, with and without --json', async () => {
  expect(await ended(start('--fail', 'usage'))).toEqual({
    code: 2,
    stdout: '',
    stderr: 'lb: cats.yaml, line 3: no such cat: adopt one\n',
  })
  const json = await ended(start('--fail', 'bug', '--json'))
  expect(json).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'LB_UNEXPECTED', exitCode: 1 } })
})

test('a reader that closes the pipe early, such as head, is no error', async () => {
  const child = start('--lines', '20000', '--end', '97')
  const errors = text(child.stderr)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'exit')
  expect({ code, stderr: await errors }).toEqual({ code: 97, stderr: '' })
})

test('closing the pipe in the middle of one large write is no error', async () => {
  const dev = fileURLToPath(import.meta.resolve('../../bin/dev.js'))
  const folder = await mkdtemp(join(tmpdir(), 'lb-pipe-'))
  const path = join(folder, 'r.json')
  // Far more than a pipe holds, so that most of it is still to be written when the reader leaves.
  const warnings = Array.from(
    { length: 5_000 },
    (_, i): Reason => ({
      code: 'version-1-text',
      values: { text: `warning ${i} ${'x'.repeat(200)}` },
    }),
  )
  await writeResult(exampleResult({ warnings }), { path, force: false })
  const child = spawn(process.execPath, [dev, 'report', path, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors = text(child.stderr)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'exit')
  await rm(folder, { recursive: true })
  expect({ code, stderr: await errors }).toEqual({ code: 0, stderr: '' })
})
