import { parseArgs } from 'node:util'
import { placementHost } from '../src/lab/cores.ts'
import type { ResultDocument } from '../src/result/document.ts'
import {
  clusterLack,
  type SlurmCluster,
  startCluster,
} from '../test/support/processes/slurm-cluster.ts'
import { runLb, startLoad, startServer } from './engines/cluster-runs.ts'
import { crookedNodes, slowClocks, slowSockets } from './engines/crooked-nodes.ts'
import { lossLines } from './engines/losses.ts'
import { namedNodes } from './engines/named-nodes.ts'
import { oneAgainstThree } from './engines/one-against-three.ts'

/*
 * npm run bench:engines: drivers on three nodes of a Slurm cluster in network namespaces of this host (as root; Debian:
 * slurmctld slurmd slurm-client munge). Prints, each so many times (--rounds, 20): whether one driver at a rate measures the
 * same as three at a third of it, at each of --rates, of a server that responds at once and of one that takes 5 ms; how often
 * a driver behind 5 ms of delay is named, and one whose clock runs at 0.98, beside drivers that are wrongly named; and the
 * result and the time until no task is left after SIGKILL of a driver, after SIGKILL of the coordinator, and after a node was
 * unplugged. Before them, backends and target on a node each. Parts by name: --only roles,same,crooked,losses. The servers
 * have a CPU of their own; --shared: they share the CPUs with the nodes. On a host of two CPUs the three drivers share the
 * other one, which one driver has for itself: of a server that responds at once the p50 is then no fair comparison. 20 rounds
 * take 20 minutes (same 13, crooked 3, losses 4).
 */

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    rates: { type: 'string', default: '300,3000' },
    only: { type: 'string', default: 'roles,same,crooked,losses' },
    shared: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
/** Rate of the parts that are no comparison of rates. */
const rate = 300

const lack = clusterLack()
if (lack !== undefined) throw new Error(`there can be no cluster here: ${lack}`)
const { cpus } = await placementHost()
const [serverCpu, ...nodeCpus] = cpus.map(String)
const isApart = !options.shared && nodeCpus.length > 0
await using cluster = await startCluster({ nodeCpus: isApart ? nodeCpus.join(',') : undefined })
const serverCpus = isApart ? serverCpu : undefined
/** The second takes as long as a small page of an application. */
const servers = [
  { port: 8080, serviceMs: 0 },
  { port: 8081, serviceMs: 5 },
] as const
for (const one of servers) await startServer(cluster, { ...one, cpus: serverCpus })

/** A run of the reference balancer, with driver, backends and target on a node each: its costs were read there. */
async function* roleLines(on: SlurmCluster): AsyncGenerator<string> {
  const { code, result } = await runLb<ResultDocument>(
    on,
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
  yield `driver, backends and target on ${where}: exit code ${code}; ${costs.join('; ')}`
}

/** One driver against three at each rate, of each server; and three drivers at three times the rate of one. */
async function* sameLines(on: SlurmCluster): AsyncGenerator<string> {
  for (const each of options.rates.split(',').map(Number)) {
    for (const server of servers) yield* oneAgainstThree(on, { rate: each, rounds, server })
  }
  const { result } = await startLoad(on, 3, [`2s@${3 * rate}/s`]).finished
  const [stage] = result?.stages ?? []
  yield `three drivers at ${3 * rate}/s: ${stage?.sent} of ${stage?.planned} visits sent`
  const { startSpreadMs, startBoundMs } = result?.engine ?? {}
  yield `start spread: ${startSpreadMs?.toFixed(2)} ms ± ${startBoundMs?.toFixed(2)} ms`
}

/** How often the crooked node, and no other, is named. */
async function* crookedLines(on: SlurmCluster): AsyncGenerator<string> {
  const kinds = [
    ['a driver 5 ms slower', await crookedNodes(on.folder, 'slow', slowSockets)],
    ['a clock at 0.98', await crookedNodes(on.folder, 'clock', slowClocks)],
  ] as const
  for (const [kind, nodes] of kinds) {
    let right = 0
    for (let round = 0; round < rounds; round++) {
      const { result } = await startLoad(on, nodes, [`2s@${rate}/s`]).finished
      if (namedNodes(result).join() === 'n2') right++
    }
    yield `${kind}: it alone is named in ${right} of ${rounds}`
  }
}

const parts: Readonly<Record<string, (on: SlurmCluster) => AsyncGenerator<string>>> = {
  roles: roleLines,
  same: sameLines,
  crooked: crookedLines,
  losses: (on) => lossLines(on, rounds),
}
for (const name of options.only.split(',')) {
  const lines = parts[name]
  if (lines === undefined) throw new Error(`--only ${name} is none of ${Object.keys(parts).join()}`)
  for await (const line of lines(cluster)) process.stdout.write(`${line}\n`)
}
