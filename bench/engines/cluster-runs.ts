import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { LoadResult } from '../../src/result/schemas/load.ts'
import {
  type LoadedServer,
  type SlurmCluster,
  serverOn,
} from '../../test/support/processes/slurm-cluster.ts'

const run = join(import.meta.dirname, '../../bin/run.js')

/** Starts Node beside the controller, on these CPUs where they are given; it ends with the cluster. */
function startIn({ enter, env }: SlurmCluster, args: readonly string[], cpus?: string) {
  const pinned = cpus === undefined ? [] : ['taskset', '-c', cpus]
  const [file = '', ...words] = [...enter, ...pinned, process.execPath, ...args]
  return spawn(file, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** A run of lb beside the controller: its process, and how it ended, with its result. */
export function runLb<Result>(cluster: SlurmCluster, ...args: readonly string[]) {
  const child = startIn(cluster, [run, ...args, '--json', '--no-keep', '--progress', 'none'])
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

/** A server that responds at once. */
const atOnce: LoadedServer = { port: 8080, serviceMs: 0 }

/** A running server. */
interface Server {
  /** Resolves with its first request. */
  readonly loaded: Promise<unknown>
}

/** Starts a server that is loaded, on these CPUs where they are given, and waits until it listens. */
export async function startServer(
  cluster: SlurmCluster,
  { cpus, ...server }: Partial<LoadedServer> & { readonly cpus?: string | undefined } = {},
): Promise<Server> {
  const code = serverOn(cluster.address, { ...atOnce, ...server })
  const { stdout } = startIn(cluster, ['-e', code], cpus)
  const [listens, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  createInterface({ input: stdout }).on('line', (line) => {
    if (line === 'listens') listens.resolve()
    if (line === 'is loaded') begun.resolve()
  })
  await listens.promise
  return { loaded: begun.promise }
}

/** Starts a load of these stages by so many nodes, or those of a file; without a port, of the server that responds at once. */
export function startLoad(
  cluster: SlurmCluster,
  nodes: number | string,
  stages: readonly string[],
  port = atOnce.port,
) {
  return runLb<LoadResult>(
    cluster,
    ...['load', `http://${cluster.address}:${port}/`],
    ...stages.flatMap((stage) => ['--stage', stage]),
    ...['--engine', 'slurm', '--nodes', typeof nodes === 'number' ? `drivers=${nodes}` : nodes],
  )
}

/** Milliseconds until no task is left; throws after 10 s. */
export async function untilNoTasks(cluster: SlurmCluster): Promise<number> {
  const begin = performance.now()
  while ((await cluster.tasks()).length > 0) {
    if (performance.now() - begin > 10_000) throw new Error('tasks are left after 10 s')
    await wait(25)
  }
  return performance.now() - begin
}

/** The processes of drivers, once there are so many; agents are started before them. */
export async function untilDrivers(cluster: SlurmCluster, count: number): Promise<number[]> {
  for (let i = 0; i < 400; i++) {
    const tasks = await cluster.tasks('driver/main')
    if (tasks.length === count) return tasks
    await wait(50)
  }
  throw new Error(`no ${count} drivers after 20 s`)
}
