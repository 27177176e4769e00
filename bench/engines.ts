import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { LoadResult } from '../src/result/schemas/load.ts'
import { merge } from '../src/stats/histogram/histogram.ts'
import { compare, type Pair } from '../src/stats/tests/comparison.ts'
import { minMargin } from '../src/stats/tests/noise-floor.ts'
import {
  clusterLack,
  type SlurmCluster,
  serverOn,
  startCluster,
} from '../test/support/processes/slurm-cluster.ts'

/*
 * npm run bench:engines: drivers on three nodes of a Slurm cluster in network namespaces of this host (as root; Debian:
 * slurmctld slurmd slurm-client munge). Prints, each so many times (--rounds, 20):
 * the result and the time until no task is left after SIGKILL of a driver, after a node was unplugged, and after SIGKILL of the
 * coordinator; how often a driver behind 5 ms of delay is named; and whether one driver at a rate measures the same as
 * three at a third of it. 20 rounds take 12 minutes; --rounds 3 two.
 */

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, rate: { type: 'string', default: '300' } },
})
const rounds = Number(options.rounds)
const rate = Number(options.rate)
const run = join(import.meta.dirname, '../bin/run.js')

const lack = clusterLack()
if (lack !== undefined) throw new Error(`there can be no cluster here: ${lack}`)
await using started = new AsyncDisposableStack()
/** A cluster is started again after a node was unplugged: Slurm takes long to trust it again. */
let cluster = await startCluster()
started.defer(() => cluster[Symbol.asyncDispose]())

/** Starts Node beside the controller. */
function startIn({ enter, env }: SlurmCluster, ...args: readonly string[]) {
  const [file = '', ...words] = [...enter, process.execPath, ...args]
  return spawn(file, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Runs lb there, with its result as JSON. */
function inCluster(on: SlurmCluster, ...args: readonly string[]) {
  const child = startIn(on, ...args)
  const finished = Promise.all([once(child, 'exit'), text(child.stdout)]).then(([[code], out]) => ({
    code: code as number | null,
    result: out === '' ? undefined : resultIn(out),
  }))
  return { child, finished }
}

function resultIn(out: string): LoadResult {
  const read = JSON.parse(out) as LoadResult
  if (read.format !== 'lb-load') throw new Error(out)
  return read
}

/** Starts the server that is loaded, and waits until it listens. */
async function serve(on: SlurmCluster): Promise<void> {
  const child = startIn(on, '-e', serverOn(on.address))
  started.defer(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
}

/** A load of so many visits a second by so many nodes. */
function load(nodes: number | string, perSecond: number, seconds: number) {
  return inCluster(
    cluster,
    ...[run, 'load', `http://${cluster.address}:8080/`, '--stage', `${seconds}s@${perSecond}/s`],
    ...[
      '--engine',
      'slurm',
      '--nodes',
      typeof nodes === 'number' ? `drivers=${nodes}` : nodes,
      '--json',
      '--no-keep',
    ],
    ...['--progress', 'none'],
  )
}

/** Milliseconds until no task is left; throws after 10 s. */
async function untilNoTasks(): Promise<number> {
  const begin = performance.now()
  while ((await cluster.tasks()).length > 0) {
    if (performance.now() - begin > 10_000) throw new Error('tasks are left after 10 s')
    await wait(25)
  }
  return performance.now() - begin
}

/** The processes of drivers, once there are three; agents are started before them. */
async function drivers(): Promise<number[]> {
  for (let i = 0; i < 400; i++) {
    const tasks = await cluster.tasks('driver/main')
    if (tasks.length === 3) return tasks
    await wait(50)
  }
  throw new Error('no drivers after 20 s')
}

/** One loss: how it is brought about, and how long the load lasts. */
interface Loss {
  readonly name: string
  readonly seconds: number
  bring(child: ReturnType<typeof load>['child']): Promise<void>
  /** Whether there is no result, since its coordinator is gone. */
  readonly isGone?: boolean
}

const losses: readonly Loss[] = [
  {
    name: 'SIGKILL of a driver',
    seconds: 2,
    bring: async () => void process.kill((await drivers())[1] as number, 'SIGKILL'),
  },
  {
    name: 'SIGKILL of the coordinator',
    seconds: 30,
    async bring(child) {
      await drivers()
      child.kill('SIGKILL')
    },
    isGone: true,
  },
  {
    name: 'a node unplugged',
    seconds: 5,
    async bring() {
      await drivers()
      // Into the load: before it, the run would end without a result.
      await wait(1000)
      cluster.unplug(1)
    },
  },
]

async function measureLoss({ name, seconds, bring, isGone = false }: Loss): Promise<void> {
  const left: number[] = []
  let asExpected = 0
  for (let round = 0; round < rounds; round++) {
    const { child, finished } = load(3, 60, seconds)
    await bring(child)
    const lostMs = performance.now()
    const { code, result } = await finished
    // The other drivers go on to the end of the load, where there is a coordinator.
    const fromMs = isGone ? lostMs : performance.now()
    await untilNoTasks()
    left.push(performance.now() - fromMs)
    const isDegraded = code === 97 && result?.drivers.lost.length === 1
    if (isGone ? result === undefined : isDegraded) asExpected++
    if (name === 'a node unplugged') await startAgain()
  }
  const word = isGone ? 'gone' : 'degraded'
  const worst = (Math.max(...left) / 1e3).toFixed(1)
  print(
    `${name}: ${word} in ${asExpected} of ${rounds}; 0 tasks at most ${worst} s after ${isGone ? 'that' : 'the end of the load'}`,
  )
}

async function startAgain(): Promise<void> {
  await cluster[Symbol.asyncDispose]()
  cluster = await startCluster()
  await serve(cluster)
}

/** How often the driver of a node that sends 5 ms later than it should is the only one that is named. */
async function measureCrooked(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lb-crooked-'))
  const [slow, node, nodes] = ['slow.mjs', 'node.sh', 'nodes.yaml'].map((name) =>
    join(folder, name),
  )
  await writeFile(slow as string, slowSockets)
  await writeFile(
    node as string,
    `#!/bin/sh\n[ "$SLURMD_NODENAME" = n2 ] && export NODE_OPTIONS="--import ${slow}"\nexec ${process.execPath} "$@"\n`,
    { mode: 0o755 },
  )
  await writeFile(nodes as string, `drivers: 3\nnode: ${node}\n`)
  let named = 0
  for (let round = 0; round < rounds; round++) {
    const { result } = await load(nodes as string, rate, 2).finished
    const numbers = (result?.drivers.differing ?? []).map(({ number }) => number)
    if (numbers.length === 1 && numbers[0] === 3) named++
  }
  print(`a driver 5 ms slower: named in ${named} of ${rounds}`)
  await rm(folder, { recursive: true })
}

/** A module that delays all that sockets of its process send by 5 ms. */
const slowSockets = `import net from 'node:net'
const { write } = net.Socket.prototype
net.Socket.prototype.write = function (...words) {
  setTimeout(() => write.apply(this, words), 5)
  return true
}
`

/** One driver at the rate against three at a third of it, in pairs; and the same at three times the rate. */
async function measureSame(): Promise<void> {
  const pairs: Pair[] = []
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [1, 3] : [3, 1]
    const found = new Map<number, number>()
    for (const nodes of order) found.set(nodes, p50(await load(nodes, rate, 2).finished))
    pairs.push([found.get(1) ?? Number.NaN, found.get(3) ?? Number.NaN])
  }
  const { ratio, outcome } = compare(pairs, { better: 'less', margin: minMargin })
  const [low, high] = [ratio.low.toFixed(3), ratio.high.toFixed(3)]
  print(
    `one driver at ${rate}/s, three at a third: p50 × ${ratio.center.toFixed(3)} (${low}–${high}): ${outcome}`,
  )
  const { result } = await load(3, 3 * rate, 2).finished
  const stage = result?.stages[0]
  print(`three drivers at ${3 * rate}/s: ${stage?.sent} of ${stage?.planned} visits sent`)
  print(
    `start spread: ${result?.engine?.startSpreadMs?.toFixed(2)} ms ± ${result?.engine?.startBoundMs?.toFixed(2)} ms`,
  )
}

function p50({ result }: { readonly result: LoadResult | undefined }): number {
  const steps = result?.stages.flatMap((stage) => Object.values(stage.steps)) ?? []
  return merge(steps.map(({ latency }) => latency)).percentile(50)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

await serve(cluster)
await measureSame()
await measureCrooked()
for (const loss of losses) await measureLoss(loss)
