import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { crowded, type Window } from './reliability/crowded.ts'
import { draining } from './reliability/draining.ts'
import { dyingBackends, type Toll } from './reliability/dying-backends.ts'
import { dyingWorkers } from './reliability/dying-workers.ts'

/*
 * npm run bench:reliability: what clients of the balancer lose while backends and workers are killed, while
 * members change, while it drains, and beside a crowd of bad clients; written to docs/reliability.md. Takes six
 * minutes; `--seconds 10` makes each run shorter.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '4' },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)
const rounds = Number(values.rounds)
const everySeconds = 5
const kills = Math.max(1, Math.floor(seconds / everySeconds))
const windowSeconds = Math.min(5, seconds / 2)
const crowd = { idle: 10_000, slowHeads: 500, slowReaders: 50 }

function told(what: string): void {
  process.stderr.write(`${what}\n`)
}

async function inScratch<Result>(work: (scratch: string) => Promise<Result>): Promise<Result> {
  const scratch = mkdtempSync(join(tmpdir(), 'lb-reliability-'))
  try {
    return await work(scratch)
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

const number = (value: number): string => value.toLocaleString('en')
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
const ms = (value: number): string => value.toFixed(2)

function ways(whys: Readonly<Record<string, number>>): string {
  const all = Object.entries(whys).map(([why, count]) => `${why} × ${count}`)
  return all.join(', ') || '–'
}

function backendsRow(what: string, toll: Toll): string {
  const { sent, kills, changes, retried, lostGets, lostPosts, unread, whys } = toll
  const cells = [what, ...[sent, kills, changes, retried, lostGets, lostPosts, unread].map(number)]
  return `| ${[...cells, ways(whys)].join(' | ')} |`
}

function windowRow(what: string, window: Window): string {
  const { p50, p99, asked, failed, residentBytes, files, reopened } = window
  const cells = [what, ms(p50), ms(p99), number(asked), number(failed), mebibytes(residentBytes)]
  return `| ${[...cells, number(files), number(reopened)].join(' | ')} |`
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2
}

const four = () => wait((everySeconds * 1000) / 4)
const whole = () => wait(everySeconds * 1000)
const common = { rate, kills, build: 'dist' } as const

told('backends are killed …')
const dying = await inScratch((scratch) =>
  dyingBackends({ ...common, scratch, changing: false, pause: four }),
)
told('backends are killed, and members change …')
const changing = await inScratch((scratch) =>
  dyingBackends({ ...common, scratch, changing: true, pause: four }),
)
told('workers are killed …')
const workers = await inScratch((scratch) => dyingWorkers({ ...common, scratch, pause: whole }))
told('balancers drain …')
const drains = await inScratch((scratch) =>
  draining({ rate, drains: kills, build: 'dist', scratch, pause: whole }),
)
told('a crowd comes and goes …')
const busy = await inScratch((scratch) =>
  crowded({ rounds, seconds: windowSeconds, rate: rate / 2, crowd, build: 'dist', scratch }),
)
const ratios = busy.rounds.map(({ alone, beside }) => beside.p99 / alone.p99)

const document = `# What clients lose

Made by \`npm run bench:reliability\` on ${cpus()[0]?.model} (${cpus().length} CPUs), Node ${process.version}: the
compiled balancer with two workers; load, backends and balancer share the CPUs. The load is ${number(rate)} requests a second,
whether or not answers come, four GETs to each POST, each with a number of its own; backends take 20 ms. A client
tries nothing twice, but for a connection that is refused while a balancer drains.

## While backends are killed

One of three backends gets SIGKILL every ${everySeconds} s, and is started on the same port 2.5 s later, for ${seconds} s. A
backend writes down each request when it has read its head, in a file that outlives it. A POST that was on its way to a backend
when that died is lost, since nobody may send it twice: RFC 9110, section 9.2.2. *Unread* are those of them that are in no
backend's record: written to a connection whose backend died before it read them, which a proxy cannot tell from those that were read.

| | requests | kills | changes | retried | GETs lost | POSTs lost | unread | how |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${backendsRow('backends are killed', dying)}
${backendsRow('the same, while weights change, and backends are drained, join and leave', changing)}

## While workers are killed

A worker is ended every ${everySeconds} s as a crash would end it. Its connections are closed, and another takes its place. *Under way*
is what it had in flight, as the balancer counted; what reached its connections before their clients knew is lost, too.

| requests | kills | under way | lost | how |
| --- | --- | --- | --- | --- |
| ${[workers.sent, workers.kills, workers.underWay, workers.lost].map(number).join(' | ')} | ${ways(workers.whys)} |

## While balancers drain

The balancer gets SIGTERM every ${everySeconds} s, and another listens already, to which clients turn when they are refused. *Never
accepted* are requests that are in no access log: their connection was closed as they were written.

| requests | drains | accepted and lost | never accepted | how |
| --- | --- | --- | --- | --- |
| ${[drains.sent, drains.drains, drains.lost, drains.neverAccepted].map(number).join(' | ')} | ${ways(drains.whys)} |

## Beside a crowd

Normal clients, ${number(rate / 2)} requests a second over 50 connections, alone and beside ${number(crowd.idle)} idle connections,
${number(crowd.slowHeads)} clients that send a head octet by octet, one a second, and ${number(crowd.slowReaders)} that read 16 MiB at 64 KiB a second; in turn,
windows of ${windowSeconds} s. *Reopened* are connections of the crowd that the balancer closed: slow heads, above all.

| | p50, ms | p99, ms | requests | failed | memory, MiB | open files | reopened |
| --- | --- | --- | --- | --- | --- | --- | --- |
${busy.rounds.flatMap(({ alone, beside }) => [windowRow('alone', alone), windowRow('beside', beside)]).join('\n')}
${windowRow('after', busy.after)}

p99 beside the crowd ÷ alone, by round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; median ${median(ratios).toFixed(2)}.
`
writeFileSync(new URL('../../docs/reliability.md', import.meta.url), document)
process.stdout.write(document)
