import type { LoadResult } from '../../src/result/schemas/load.ts'
import { type SlurmCluster, startCluster } from '../../test/support/processes/slurm-cluster.ts'
import { startLoad, startServer, untilDrivers, untilNoTasks } from './cluster-runs.ts'

/** Clusters that lose a node at the same time: most of such a round is waiting. */
const clusters = 3

/** How loads ended that lost something. */
interface Losses {
  /** Results that are as they should be. */
  right: number
  /** What the others were. */
  readonly others: string[]
  /** Milliseconds until no task was left. */
  readonly left: number[]
}

/**
 * Loads by three drivers of which one is killed, and coordinators that are killed, on one cluster; and loads by three drivers
 * the node of one of which is unplugged, on a cluster of its own each: Slurm takes long to trust a node again. Returns a line
 * for each kind.
 */
export async function* lossLines(cluster: SlurmCluster, rounds: number): AsyncGenerator<string> {
  const killed = noLosses()
  for (let round = 0; round < rounds; round++) {
    const { finished } = startLoad(cluster, 3, ['1s@60/s'])
    process.kill((await untilDrivers(cluster, 3))[1] as number, 'SIGKILL')
    await note(killed, await finished, cluster)
  }
  yield degradedLine('SIGKILL of a driver', killed, rounds)
  yield await coordinatorsKilled(cluster, rounds)
  const unplugged = noLosses()
  let begun = 0
  const unplugSome = async (): Promise<void> => {
    while (begun++ < rounds) await unplugOne(unplugged)
  }
  await Promise.all(Array.from({ length: clusters }, unplugSome))
  yield degradedLine('a node unplugged', unplugged, rounds)
}

function noLosses(): Losses {
  return { right: 0, others: [], left: [] }
}

/** The load lasts while the lost driver is silent: the others go on to its end. */
async function unplugOne(losses: Losses): Promise<void> {
  await using cluster = await startCluster()
  const { loaded } = await startServer(cluster)
  const { finished } = startLoad(cluster, 3, ['2.5s@60/s'])
  await loaded
  cluster.unplug(1)
  await note(losses, await finished, cluster)
}

async function note(
  losses: Losses,
  { code, result }: { readonly code: number | null; readonly result: LoadResult | undefined },
  cluster: SlurmCluster,
): Promise<void> {
  losses.left.push(await untilNoTasks(cluster))
  const lost = result?.drivers.lost ?? []
  if (code === 97 && lost.length === 1) losses.right++
  else losses.others.push(`exit ${code}, lost: ${lost.map(({ detail }) => detail).join(', ')}`)
}

/** Coordinators that are killed, three at a time with a node each. */
async function coordinatorsKilled(cluster: SlurmCluster, rounds: number): Promise<string> {
  const gone = noLosses()
  for (let done = 0; done < rounds; done += 3) {
    const runs = Array.from({ length: Math.min(3, rounds - done) }, () =>
      startLoad(cluster, 1, ['30s@20/s']),
    )
    await untilDrivers(cluster, runs.length)
    for (const { child } of runs) child.kill('SIGKILL')
    gone.left.push(await untilNoTasks(cluster))
    const results = await Promise.all(runs.map(({ finished }) => finished))
    gone.right += results.filter(({ result }) => result === undefined).length
  }
  return `SIGKILL of the coordinator: gone in ${gone.right} of ${rounds}; ${tasksWords(gone)} after that`
}

function degradedLine(name: string, losses: Losses, rounds: number): string {
  const others = losses.others.map((one) => ` (${one})`).join('')
  return `${name}: degraded in ${losses.right} of ${rounds}${others}; ${tasksWords(losses)} after the end of the load`
}

function tasksWords({ left }: Losses): string {
  return `0 tasks at most ${(Math.max(...left) / 1e3).toFixed(1)} s`
}
