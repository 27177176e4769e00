import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { resultDocument } from '../../src/result/document.ts'
import { type LoadResult, loadResult } from '../../src/result/schemas/load.ts'
import {
  clusterLack,
  type SlurmCluster,
  serverOn,
  startCluster,
} from '../support/processes/slurm-cluster.ts'

const lack = clusterLack()
const root = join(import.meta.dirname, '../..')

describe.skipIf(lack)(`three nodes of a Slurm cluster${lack ? `: ${lack}` : ''}`, () => {
  let cluster: SlurmCluster
  let folder: string
  let server: ReturnType<typeof inCluster>

  /** Runs Node beside the controller. */
  function inCluster(...args: readonly string[]) {
    const [file = '', ...words] = [...cluster.enter, process.execPath, ...args]
    const child = spawn(file, words, {
      cwd: folder,
      env: cluster.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
    return { child, finished: ended.then(([[code], out, error]) => ({ code, out, error })) }
  }
  const load = (stage: string, nodes = 'drivers=3') =>
    inCluster(
      join(root, 'bin/run.js'),
      ...['load', `http://${cluster.address}:8080/`, '--stage', stage, '--seed', '1'],
      ...['--progress', 'none', '--engine', 'slurm', '--nodes', nodes],
    )
  const result = async (): Promise<LoadResult> =>
    loadResult.parse(JSON.parse(await readFile(join(folder, '.lb/last.json'), 'utf8')))
  /** Waits until drivers run on all nodes. */
  const driving = () =>
    vi.waitFor(async () => expect((await cluster.tasks()).length).toBeGreaterThanOrEqual(6), {
      timeout: 40_000,
      interval: 100,
    })
  const noTasks = () =>
    vi.waitFor(async () => expect(await cluster.tasks()).toEqual([]), {
      timeout: 8000,
      interval: 100,
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lb-cluster-'))
    cluster = await startCluster()
    server = inCluster('-e', serverOn(cluster.address))
    await once(server.child.stdout, 'data')
  }, 60_000)
  afterAll(async () => {
    server?.child.kill('SIGKILL')
    await cluster?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  test('drivers, backends and target are measured on a node each', async () => {
    const { code, out, error } = await inCluster(
      join(root, 'bin/run.js'),
      ...['bench', '--algo', 'round-robin', '--phase', 'latency', '--rate', '100', '--seed', '1'],
      ...['--trials', '1', '--duration', '400ms', '--warmup', '200ms', '--no-control', '--json'],
      ...['--progress', 'none', '--no-keep', '--engine', 'slurm'],
      ...['--nodes', 'drivers=1,backends=1,target=1'],
    ).finished
    // Invalid where the host is busy.
    expect([0, 97], error).toContain(code)
    const { engine, trials } = resultDocument.parse(JSON.parse(out))
    expect(engine).toMatchObject({
      name: 'slurm',
      nodes: [
        { name: 'n0', drivers: 1 },
        { name: 'n1', drivers: 0, backends: true },
        { name: 'n2', drivers: 0, target: true },
      ],
    })
    expect(trials[0]?.processes.map(({ role }) => role)).toEqual(['target', 'driver', 'backends'])
    expect(trials[0]?.nodes).toMatchObject([
      { name: 'n2', roles: ['target'] },
      { name: 'n0', roles: ['driver'] },
      { name: 'n1', roles: ['backends'] },
    ])
    const received = trials[0]?.perBackend.reduce((sum, count) => sum + count, 0)
    expect(received).toBe(trials[0]?.total.ok)
    await noTasks()
  })

  test('a coordinator that is killed leaves no tasks', async () => {
    const run = load('30s@30/s')
    await driving()
    run.child.kill('SIGKILL')
    await run.finished
    await noTasks()
  })

  test('send one load; an unplugged node degrades its result, and nothing is left; a fourth node is refused', async () => {
    const run = load('6s@30/s')
    await driving()
    // Slurm takes 10 s to refuse it.
    const refused = load('1s@3/s', 'drivers=4').finished
    cluster.unplug(1)
    const { code, out } = await run.finished
    expect({ code, out }).toMatchObject({ code: 97 })
    expect(out).toMatch(/Degraded: 1 of 3 drivers lost\./)
    const { engine, stages, drivers } = await result()
    expect(engine).toMatchObject({
      name: 'slurm',
      nodes: ['n0', 'n1', 'n2'].map((name) => ({ name, drivers: 1 })),
      startSpreadMs: expect.any(Number),
    })
    // Two of three drivers sent all of their part.
    expect(stages[0]?.sent).toBeGreaterThanOrEqual(120)
    expect(stages[0]?.sent).toBeLessThan(180)
    expect(drivers.lost).toMatchObject([{ number: 2, node: 'n1' }])
    await noTasks()
    expect(await refused).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^lb: node task \d was ended with srun, exit code 1 .*\n$/),
    })
  })
})
