import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readResult } from '../../src/result/read.ts'
import { startLbIn } from '../support/processes/built-lb.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const short = [
  // No trial is run to choose the driver: the first one is the first of the result.
  ...['--phase', 'capacity', '--no-control', '--driver', 'autocannon', '--connections', '4'],
  ...['--warmup', '100ms', '--duration', '300ms'],
]
const lb = (...args: string[]) => startLbIn(folder, ...args)
const bench = (...args: string[]) => {
  const algorithm = args.includes('--target') ? [] : ['--algo', 'round-robin']
  return lb('bench', ...short, ...algorithm, ...args).finished
}
const run = (...args: string[]) => bench('--trials', '1', ...args)

/** More requests than the checks before the first trial send, and fewer than a trial. */
const manyRequests = 20

/** Whether a report has figures. */
const figures = /req\/s/

test('a run is kept without a flag, the last line says where, and lb report shows it', async () => {
  const { stdout, stderr } = await run()
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^Saved +\.lb\/last\.json$/)
  expect(stdout).toMatch(/^(Next|Details) .*lb report .*-o report\.html/m)
  expect(stderr).not.toContain('stored in')
  const shown = await lb('report', '--format', 'csv').finished
  expect(shown.stdout).toContain('round-robin')
})

test('with --no-keep it is not, and no command is proposed that would read it', async () => {
  const { stdout } = await run('--no-keep')
  expect(existsSync(join(folder, '.lb'))).toBe(false)
  // A longer run, or the check of a host that disturbs it: neither reads this one.
  expect(stdout).toMatch(/^Next +lb (bench|selftest) /m)
  expect(stdout).not.toMatch(/^(Next|Details) +lb report|^Saved/m)
})

test('the extension of --output is the format', async () => {
  using server = await target()
  const { stdout } = await run(...server.flags, '--output', 'r.md', '--no-keep')
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^Saved +r\.md$/)
  expect(await readFile(join(folder, 'r.md'), 'utf8')).toMatch(/^## Load balancers: /)
})

/** A target that runs already, so that none is started. `onLoad` is called when a trial is under way, `onIdle` when it is over. */
async function target(events: { onLoad?(): void; onIdle?(): void } = {}) {
  let [open, requests] = [0, 0]
  const server = createServer((_, response) => {
    requests++
    // The checks before the trials send a few.
    if (requests === manyRequests) events.onLoad?.()
    setTimeout(() => response.end('x'), 2)
  })
  server.on('connection', (socket) => {
    open++
    socket.on('close', () => {
      open--
      // The connection of the last check may stay open.
      if (open <= 1 && requests >= manyRequests) events.onIdle?.()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const flags = ['--target', 'url', '--url', `http://127.0.0.1:${port}`]
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { flags, close, [Symbol.dispose]: close }
}

test('a target that ends in mid-run: its trials are printed and kept, and it is no mistake of the user', async () => {
  using server = await target({ onIdle: () => server.close() })
  const { code, stdout, stderr } = await bench(
    ...server.flags,
    '--trials',
    '4',
    '--output',
    'r.json',
  )
  expect(code).toBe(1)
  expect(stdout).toMatch(figures)
  expect(stderr).toMatch(/cannot be reached.*it was there before/)
  expect(stderr).not.toContain('Start it first')
  const document = await readResult(join(folder, 'r.json'))
  expect(document).toMatchObject({ complete: false, trials: [{ trial: { block: 0 } }] })
  expect(document.warnings.map(({ code: one }) => one)).toContain('run-failed')
  expect(await readResult(join(folder, '.lb/last.json'))).toEqual(document)
})

test('interrupted in the first trial, twice at once as by timeout and npx: one line, and 130', async () => {
  const started: { child?: { kill(signal: NodeJS.Signals): boolean } } = {}
  using server = await target({
    onLoad: () => {
      started.child?.kill('SIGINT')
      started.child?.kill('SIGTERM')
    },
  })
  const running = lb('bench', ...short, ...server.flags, '--trials', '2')
  started.child = running.child
  const { code, stdout, stderr } = await running.finished
  expect(code).toBe(130)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^lb: interrupted before the first trial was over: nothing was measured$/m)
})

test('a run that is killed: lb report shows what was measured until then', async () => {
  const running = lb('bench', ...short, '--algo', 'round-robin', '--trials', '100')
  await linesOfJournal(running.pid, 2)
  running.child.kill('SIGKILL')
  await running.finished
  const { stdout, stderr } = await lb('report').finished
  expect(stderr).toMatch(/was killed after \d+ trials?, which are in \.lb\/last\.json now/)
  expect(stdout).toMatch(figures)
  const document = await readResult(join(folder, '.lb/last.json'))
  expect(document).toMatchObject({ complete: false, trials: [{ trial: { block: 0 } }] })
  expect((await readdir(join(folder, '.lb'))).toSorted()).toEqual(['.gitignore', 'last.json'])
})

/** Waits until the journal of a run has so many lines. */
async function linesOfJournal(pid: number, lines: number): Promise<void> {
  for await (const _ of watch(folder, { recursive: true })) {
    const text = await readFile(join(folder, `.lb/running-${pid}.jsonl`), 'utf8').catch(() => '')
    if (text.split('\n').length > lines) return
  }
}

test('a full disk: the result is printed, and kept elsewhere', async () => {
  using server = await target()
  const { code, stdout, stderr } = await run(...server.flags, '--output', '/dev/full')
  expect(code).toBe(2)
  expect(stdout).toMatch(figures)
  expect(stderr).toContain('cannot write /dev/full (ENOSPC)')
  expect(stdout).toMatch(/^Saved +\.lb\/last\.json$/m)
})

test('the folder of --output goes meanwhile: the result is printed', async () => {
  const gone = join(folder, 'gone')
  await mkdir(gone)
  using server = await target({ onLoad: () => rmSync(gone, { recursive: true }) })
  const { code, stdout, stderr } = await run(...server.flags, '--output', join(gone, 'r.json'))
  expect(code).toBe(2)
  expect(stdout).toMatch(figures)
  expect(stderr).toContain(`cannot write ${join(gone, 'r.json')} (ENOENT)`)
})

test('under --json standard output is the result all the same', async () => {
  using server = await target()
  const { code, stdout } = await run(...server.flags, '--output', '/dev/full', '--json')
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ format: 'lb-result' })
})

test('--keep where .lb is a file: refused before the run, and a plain run only warns', async () => {
  await writeFile(join(folder, '.lb'), 'a file')
  const refused = await run('--keep')
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  using server = await target()
  const warned = await run(...server.flags)
  expect(warned.stdout).toMatch(figures)
  expect(warned.stderr).toContain('warning: the result is not kept')
})
