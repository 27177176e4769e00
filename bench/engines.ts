import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { crookedClock } from '../src/result/crooked-clock.ts'
import type { ResultDocument } from '../src/result/document.ts'
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
import { crookedNodes, slowClocks, slowSockets } from './engines/crooked-nodes.ts'

/*
 * npm run bench:engines: drivers on three nodes of a Slurm cluster in network namespaces of this host (as root; Debian:
 * slurmctld slurmd slurm-client munge). Prints, each so many times (--rounds, 20): whether one driver at a rate measures the
 * same as three at a third of it; how often a driver behind 5 ms of delay is named, and one whose clock runs at 0.98, beside
 * drivers that are wrongly named; and the result and the time until no task is left after SIGKILL of a driver, after SIGKILL
 * of the coordinator, and after a node was unplugged. Before them, backends and target on a node each. Parts by name: --only
 * same,crooked,losses,roles. 20 rounds take 9 minutes; --rounds 3 some 90 s.
 */

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '300' },
    only: { type: 'string', default: 'roles,same,crooked,losses' },
  },
})
const rounds = Number(options.rounds)
const rate = Number(options.rate)
const run = join(import.meta.dirname, '../bin/run.js')

const lack = clusterLack()
if (lack !== undefined) throw new Error(`there can be no cluster here: ${lack}`)
await using started = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'lb-engines-'))
started.defer(() => rm(folder, { recursive: true }))
/** A cluster is started again after a node was unplugged: Slurm takes long to trust it again. */
let cluster = await startCluster()
started.defer(() => cluster[Symbol.asyncDispose]())

/** Starts Node beside the controller. */
function startIn({ enter, env }: SlurmCluster, ...args: readonly string[]) {
  const [file = '', ...words] = [...enter, process.execPath, ...args]
  return spawn(file, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Runs lb there, with its result as JSON. */
function inCluster<Result>(on: SlurmCluster, ...args: readonly string[]) {
  const child = startIn(on, run, ...args, '--json', '--no-keep', '--progress', 'none')
  const finished = Promise.all([once(child, 'exit'), text(child.stdout)]).then(([[code], out]) => ({
    code: code as number | null,
    result: out === '' ? undefined : resultIn<Result>(out),
  }))
  return { child, finished }
}

/** The result of a run; throws where it is the error of one that had none. */
function resultIn<Result>(out: string): Result {
  const read = JSON.parse(out)
  if (read.format === undefined) throw new Error(out)
  return read
}

/** Starts the server that is loaded, and waits until it listens. */
async function serve(on: SlurmCluster): Promise<void> {
  const child = startIn(on, '-e', serverOn(on.address))
  started.defer(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
}

/** A load of so many visits a second by so many nodes, or those of a file. */
function load(nodes: number | string, perSecond: number, seconds: number) {
  return inCluster<LoadResult>(
    cluster,
    ...['load', `http://${cluster.address}:8080/`, '--stage', `${seconds}s@${perSecond}/s`],
    ...['--engine', 'slurm', '--nodes', typeof nodes === 'number' ? `drivers=${nodes}` : nodes],
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

/** The processes of drivers, once there are so many; agents are started before them. */
async function drivers(count: number): Promise<number[]> {
  for (let i = 0; i < 400; i++) {
    const tasks = await cluster.tasks('driver/main')
    if (tasks.length === count) return tasks
    await wait(50)
  }
  throw new Error(`no ${count} drivers after 20 s`)
}

/** Loads by three drivers, one of which is lost: the others go on to the end of the load, and the result is degraded. */
async function measureLoss(
  name: string,
  seconds: number,
  { lose, after = async () => {} }: { lose(): Promise<void>; after?(): Promise<void> },
): Promise<void> {
  const left: number[] = []
  let degraded = 0
  for (let round = 0; round < rounds; round++) {
    const { finished } = load(3, 60, seconds)
    await lose()
    const { code, result } = await finished
    left.push(await untilNoTasks())
    if (code === 97 && result?.drivers.lost.length === 1) degraded++
    await after()
  }
  const worst = `0 tasks at most ${(Math.max(...left) / 1e3).toFixed(1)} s after the end of the load`
  print(`${name}: degraded in ${degraded} of ${rounds}; ${worst}`)
}

/** Coordinators that are killed, three at a time with a node each. */
async function measureGone(): Promise<void> {
  const left: number[] = []
  let gone = 0
  for (let done = 0; done < rounds; done += 3) {
    const runs = Array.from({ length: Math.min(3, rounds - done) }, () => load(1, 20, 30))
    await drivers(runs.length)
    for (const { child } of runs) child.kill('SIGKILL')
    left.push(await untilNoTasks())
    const results = await Promise.all(runs.map(({ finished }) => finished))
    gone += results.filter(({ result }) => result === undefined).length
  }
  const worst = `0 tasks at most ${(Math.max(...left) / 1e3).toFixed(1)} s after that`
  print(`SIGKILL of the coordinator: gone in ${gone} of ${rounds}; ${worst}`)
}

async function measureLosses(): Promise<void> {
  await measureLoss('SIGKILL of a driver', 1, {
    lose: async () => void process.kill((await drivers(3))[1] as number, 'SIGKILL'),
  })
  await measureGone()
  await measureLoss('a node unplugged', 2.5, {
    async lose() {
      await drivers(3)
      // Into the load: before it, the run would end without a result.
      await wait(1000)
      cluster.unplug(1)
    },
    after: startAgain,
  })
}

async function startAgain(): Promise<void> {
  await cluster[Symbol.asyncDispose]()
  cluster = await startCluster()
  await serve(cluster)
}

/** The nodes that a result names as crooked: their driver measured other latencies, or their clock ran at another rate. */
function named(result: LoadResult | undefined): string[] {
  const { drivers: found, engine } = result ?? {}
  const differing = (found?.differing ?? []).map(({ number }) => `n${number - 1}`)
  const clocks = (engine?.nodes ?? []).filter(crookedClock).map(({ name }) => name)
  return [...new Set([...differing, ...clocks])]
}

/** How often the crooked node, and no other, is named. */
async function measureCrooked(): Promise<void> {
  const kinds = [
    ['a driver 5 ms slower', await crookedNodes(folder, 'slow', slowSockets)],
    ['a clock at 0.98', await crookedNodes(folder, 'clock', slowClocks)],
  ] as const
  for (const [kind, nodes] of kinds) {
    let right = 0
    for (let round = 0; round < rounds; round++) {
      const { result } = await load(nodes, rate, 2).finished
      if (named(result).join() === 'n2') right++
    }
    print(`${kind}: it alone is named in ${right} of ${rounds}`)
  }
}

/** One driver at the rate against three at a third of it, in pairs; and three at three times the rate. */
async function measureSame(): Promise<void> {
  const pairs: Pair[] = []
  let wronglyNamed = 0
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [1, 3] : [3, 1]
    const found = new Map<number, number>()
    for (const nodes of order) {
      const { result } = await load(nodes, rate, 1).finished
      found.set(nodes, p50(result))
      if (named(result).length > 0) wronglyNamed++
    }
    pairs.push([found.get(1) ?? Number.NaN, found.get(3) ?? Number.NaN])
  }
  const { ratio, outcome } = compare(pairs, { better: 'less', margin: minMargin })
  const [low, high] = [ratio.low.toFixed(3), ratio.high.toFixed(3)]
  print(
    `one driver at ${rate}/s, three at a third: p50 × ${ratio.center.toFixed(3)} (${low}–${high}): ${outcome}`,
  )
  print(`equal drivers: one is named in ${wronglyNamed} of ${2 * rounds}`)
  const { result } = await load(3, 3 * rate, 2).finished
  const stage = result?.stages[0]
  print(`three drivers at ${3 * rate}/s: ${stage?.sent} of ${stage?.planned} visits sent`)
  print(
    `start spread: ${result?.engine?.startSpreadMs?.toFixed(2)} ms ± ${result?.engine?.startBoundMs?.toFixed(2)} ms`,
  )
}

function p50(result: LoadResult | undefined): number {
  const steps = result?.stages.flatMap((stage) => Object.values(stage.steps)) ?? []
  return merge(steps.map(({ latency }) => latency)).percentile(50)
}

/** A run of the reference balancer, with driver, backends and target on a node each: its costs were read there. */
async function measureRoles(): Promise<void> {
  const { code, result } = await inCluster<ResultDocument>(
    cluster,
    ...['bench', '--algo', 'round-robin', '--phase', 'latency', '--rate', String(rate)],
    ...['--trials', '2', '--duration', '1s', '--no-control', '--engine', 'slurm'],
    ...['--nodes', 'drivers=1,backends=1,target=1'],
  ).finished
  const [trial] = result?.trials ?? []
  const costs = (trial?.processes ?? []).map(
    ({ role, userSeconds, systemSeconds, rssPeakBytes }) =>
      `${role} ${(userSeconds + systemSeconds).toFixed(2)} CPU-s, ${(rssPeakBytes / 2 ** 20).toFixed(0)} MiB`,
  )
  const where = result?.engine?.nodes.map(({ name }) => name).join(', ')
  print(`driver, backends and target on ${where}: exit code ${code}; ${costs.join('; ')}`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

const parts: Readonly<Record<string, () => Promise<void>>> = {
  roles: measureRoles,
  same: measureSame,
  crooked: measureCrooked,
  losses: measureLosses,
}
await serve(cluster)
for (const name of options.only.split(',')) await parts[name]?.()
