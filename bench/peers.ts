import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { onTimeRate } from '../src/experiment/run/rate.ts'
import { seeded, shuffled } from '../src/kit/random.ts'
import { rounded } from '../src/kit/units.ts'
import { placementHost } from '../src/lab/cores.ts'
import { openTempDir } from '../src/lab/temp-dir.ts'
import { h2loadLoad } from './peers/h2load.ts'
import { http2Peers } from './peers/http2-peers.ts'
import { names, type Peer, peers } from './peers/peer.ts'
import { type RoundResult, replaceSection, section } from './peers/section.ts'
import {
  type AtRate,
  atRate,
  type Capacity,
  capacity,
  connections,
  generator,
  http2Capacity,
  pace,
} from './peers/trial.ts'
import { placementText } from './support/placement-text.ts'

/*
 * npm run bench:peers [-- --rounds 7 --seed 1 --dry]: the reference balancer beside the installed ones, written to
 * docs/measurements/performance.md, or with --dry only printed. Takes fifteen minutes. Each round measures every balancer, in random order and with new
 * processes: first in closed loop with 64 connections, then in open loop at half of the reference's capacity in the first round, or at the highest rate up to
 * that at which the driver is on time, then at 1,000 requests per second for the cost of a request there. Pairs are taken within a round.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    dry: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const seed = Number(values.seed)
if (!(Number.isInteger(rounds) && rounds >= 2 && Number.isInteger(seed))) {
  throw new Error('--rounds must be an integer of at least 2, --seed an integer')
}

const dice = seeded(seed)
const { signal } = new AbortController()
await using scratch = await openTempDir()
const all = await peers(await placementHost(), scratch.path)
const seen = new Map<Peer, RoundResult[]>(all.map((one) => [one, []]))
/** Balancers with a CPU of their own: on a shared CPU the latency would be that of the other processes. */
const alone = all.filter(({ placement, arm }) => !placement.shared.target && arm.cores === 1)
/** Requests per second at which a balancer wakes for each request. */
const lowRate = 1000
let half = 0
let rate = 0

/** The balancers in a new random order. */
function inTurn(some: readonly Peer[]): Peer[] {
  return shuffled(some.length, dice).map((i) => some[i] as Peer)
}

for (let round = 0; round < rounds; round++) {
  const conditions = { scratch, signal, seed: seed + round }
  const capacities = new Map<Peer, Capacity>()
  for (const one of inTurn(all)) {
    progress(`${one.name}, as much as it can`)
    capacities.set(one, await withRetries(() => capacity(one, conditions)))
  }
  if (rate === 0) {
    half = Number(((capacities.get(ours())?.rate ?? 0) / 2).toPrecision(2))
    progress('the rate at which the driver is on time')
    rate = await onTimeRate(half, (tried) => pace(ours(), tried, conditions))
  }
  const [common, low] = [new Map<Peer, AtRate>(), new Map<Peer, AtRate>()]
  for (const [at, found] of [
    [rate, common],
    [lowRate, low],
  ] as const) {
    for (const one of inTurn(alone)) {
      progress(`${one.name}, ${at}/s`)
      found.set(one, await withRetries(() => atRate(one, at, conditions)))
    }
  }
  for (const [one, found] of capacities) {
    const at = common.get(one)
    const maxResidentBytes = Math.max(found.residentBytes, at?.residentBytes ?? 0)
    const lowRateCost = low.get(one)?.cost
    seen.get(one)?.push({ ...found, p99: at?.p99, lowRateCost, maxResidentBytes })
  }

  function progress(what: string): void {
    process.stderr.write(`round ${round + 1} of ${rounds}: ${what}\n`)
  }
}

/** The result of a trial. A trial that fails, as by a stall of the host, is repeated up to twice. */
async function withRetries<Result>(trial: () => Promise<Result>): Promise<Result> {
  for (let left = 2; ; left--) {
    try {
      return await trial()
    } catch (error) {
      if (left === 0) throw error
      process.stderr.write(`repeated after an error: ${(error as Error).message}\n`)
    }
  }
}

function ours(): Peer {
  return all.find(({ name }) => name === names.ours) as Peer
}

const [one, two] = [names.ours, names.two].map((name) => {
  const peer = all.find((each) => each.name === name)
  return peer && placementText(peer.placement, peer.arm.cores)
})
const text = section({
  conditions: `Made by \`npm run bench:peers\` on ${cpus()[0]?.model} (${cpus().length} CPUs), Node ${process.version}: ${rounds} rounds (seed ${seed}), each
with every balancer in random order and with new processes. ${connections} connections of ${generator}, small keep-alive
GETs, 4 mock backends; one worker: ${one}; with two: ${two}. CPU is user and system time of all
processes and threads; memory is the maximum resident under load; pages that processes of one balancer share count for each. Figures are medians; ratios
are estimated from the ratios within a round, with 95 % intervals. \`≥\`: a lower bound, since the balancer was not the bottleneck. p99 is at
${rounded(rate)}/s, measured from when a request was due: half of the capacity of ${names.ours} in the first round is ${rounded(half)}/s${rate < half ? ', but on the CPU that it shares with the backends the driver is late above that rate' : ''}. ∞: in one
round or more, over 1 % of the requests failed.`,
  rate,
  given: all.map((peer) => ({ ...peer, seen: seen.get(peer) ?? [] })),
})
const http2 = await http2Section()
const file = new URL('../docs/measurements/performance.md', import.meta.url)
if (!values.dry) {
  const written = replaceSection(readFileSync(file, 'utf8'), 'bench:peers', text)
  writeFileSync(file, replaceSection(written, 'bench:peers-http2', http2))
}
process.stdout.write(`${text}\n${http2}`)

/** The same balancers with clients in HTTP/2, and backends in HTTP/1.1. */
async function http2Section(): Promise<string> {
  const over = await http2Peers(all)
  const results = new Map<Peer, RoundResult[]>(over.map((each) => [each, []]))
  for (let round = 0; round < rounds && over.length > 0; round++) {
    for (const each of inTurn(over)) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${each.name} over HTTP/2\n`)
      const conditions = { scratch, signal, seed: seed + round }
      const found = await withRetries(() => http2Capacity(each, conditions))
      const { residentBytes: maxResidentBytes } = found
      results.get(each)?.push({ ...found, maxResidentBytes, lowRateCost: undefined })
    }
  }
  const { connections: count, streams } = h2loadLoad
  return section({
    conditions:
      over.length === 0
        ? 'Not measured: h2load is not installed.'
        : `Clients in HTTP/2 (clear text, prior knowledge), backends in HTTP/1.1: h2load with ${count} connections of ${streams} streams, ${rounds} rounds,
one worker each, other conditions as above. p99 is that of the response times in closed loop, in which a balancer that is faster
also has more load.`,
    rate: undefined,
    given: over.map((peer) => ({ ...peer, seen: results.get(peer) ?? [] })),
  })
}
