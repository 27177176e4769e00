import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { processFamily } from '../../src/meter/process-family.ts'
import { loadResult } from '../../src/result/schemas/load.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { startLbIn } from '../support/processes/built-lb.ts'
import { stillRunning } from '../support/processes/still-running.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-engine-'))
  await nodesFile('drivers: [n0, n1, n2]')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Nodes of these fields. A shell in place of ssh starts the same agents on "hosts", without a server. */
async function nodesFile(...fields: readonly string[]): Promise<void> {
  const lines = [...fields, `command: ${JSON.stringify(['sh', '-c', 'eval "$1"'])}`, '']
  await writeFile(join(folder, 'nodes.yaml'), lines.join('\n'))
}

const onNodes = (url: URL, stage: string, ...args: string[]) =>
  startLbIn(
    folder,
    ...['load', url.href, '--stage', stage, '--engine', 'ssh', '--nodes', 'nodes.yaml'],
    ...['--progress', 'none', '--seed', '1', ...args],
  )

/** The processes below `pid` that run this module of lb. */
function modules(pid: number, name: string): number[] {
  return processFamily(pid).filter((one) =>
    readFileSync(`/proc/${one}/cmdline`, 'utf8').includes(`dist/src/${name}.js`),
  )
}

const result = async () =>
  loadResult.parse(JSON.parse(await readFile(join(folder, '.lb/last.json'), 'utf8')))

test('drivers on three hosts send one load; a killed one is counted up to then, and named; nothing is left', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const { pid, finished } = onNodes(server.url, '2s@90/s')
  await vi.waitFor(() => expect(server.requests).toBeGreaterThan(30), { timeout: 20_000 })
  const [all, drivers] = [processFamily(pid), modules(pid, 'driver/main')]
  expect(drivers).toHaveLength(3)
  process.kill(drivers[1] as number, 'SIGKILL')
  const { code, stdout } = await finished
  expect({ code, stdout }).toMatchObject({ code: 97 })
  expect(stdout).toMatch(/Degraded: 1 of 3 drivers lost\./)
  const { engine, stages, processes, drivers: found } = await result()
  expect(engine).toMatchObject({
    name: 'ssh',
    nodes: ['n0', 'n1', 'n2'].map((name) => ({ name, drivers: 1 })),
    startSpreadMs: expect.any(Number),
  })
  expect(found.lost).toEqual([
    {
      number: expect.any(Number),
      detail: expect.stringMatching(/^driver \d of 3 on n\d was ended by SIGKILL$/),
      node: expect.stringMatching(/^n\d$/),
      seconds: expect.any(Number),
    },
  ])
  // Less than planned, and not moved to the others; what the server saw is counted, but for the last moment.
  const sent = stages[0]?.sent ?? 0
  expect(sent).toBeLessThan(180)
  expect(sent).toBeGreaterThanOrEqual(120)
  expect(processes.find(({ role }) => role === 'driver')?.cpuSeconds).toBeGreaterThan(0)
  expect(await stillRunning(all, 5)).toEqual([])
})

test('with --allow-degraded a host that is lost does not fail the run', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const { pid, finished } = onNodes(server.url, '1s@90/s', '--allow-degraded')
  await vi.waitFor(() => expect(server.requests).toBeGreaterThan(20), { timeout: 20_000 })
  const [agent] = modules(pid, 'engine/main')
  process.kill(agent as number, 'SIGKILL')
  const { code, stdout } = await finished
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Degraded: .* is lost: its node /s),
  })
})

test('a coordinator that is killed, or stopped, leaves nothing on its hosts', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const both = [onNodes(server.url, '90s@30/s'), onNodes(server.url, '90s@30/s')]
  const started = () => both.flatMap(({ pid }) => modules(pid, 'driver/main'))
  await vi.waitFor(() => expect(started()).toHaveLength(6), { timeout: 60_000 })
  const onHosts = both.flatMap(({ pid }) => [
    ...modules(pid, 'engine/main'),
    ...modules(pid, 'driver/main'),
  ])
  const [killed, stopped] = both.map(({ pid }) => pid) as [number, number]
  process.kill(killed, 'SIGKILL')
  // Its channels stay open: agents must notice its silence.
  process.kill(stopped, 'SIGSTOP')
  expect(await stillRunning(onHosts, 8)).toEqual([])
  process.kill(stopped, 'SIGKILL')
  await Promise.all(both.map(({ finished }) => finished))
})

test('hosts that cannot serve are refused with one line', async () => {
  const url = new URL('http://127.0.0.1:1/')
  const late = join(folder, 'late-node')
  const clock = `const now=performance.now.bind(performance);performance.now=()=>now()-3200`
  const script = `#!/bin/sh\nexec '${process.execPath}' --import 'data:text/javascript,${clock}' "$@"\n`
  await writeFile(late, script, { mode: 0o755 })
  for (const [node, message] of [
    ['/nonexistent/node', /^lb: node n0 has no such program .*\n$/],
    [late, /^lb: the clock of node n0 is 3\.2 s behind that of this host.*\n$/],
  ] as const) {
    await nodesFile('drivers: [n0]', `node: ${node}`)
    const { code, stderr } = await onNodes(url, '1s@1/s').finished
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  }
})

test('a capacity is searched by drivers on hosts, which are in its result', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  await nodesFile('drivers: [n0]')
  const { stdout, stderr } = await startLbIn(
    folder,
    ...['capacity', '--url', server.url.href, '--slo', 'p50<1s', '--start', '100', '--seed', '1'],
    ...['--duration', '300ms', '--warmup', '100ms', '--max-time', '2s', '--json'],
    ...['--progress', 'none', '--engine', 'ssh', '--nodes', 'nodes.yaml'],
  ).finished
  expect(stderr).toBe('')
  const found = JSON.parse(stdout)
  expect(found.engine).toMatchObject({
    name: 'ssh',
    nodes: [{ name: 'n0', drivers: 1 }],
  })
  expect(found.curve.length).toBeGreaterThan(0)
  // Without backends that they reach, the drivers are not calibrated.
  expect(found).not.toHaveProperty('driverLimit')
})
