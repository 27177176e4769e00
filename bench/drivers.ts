import { writeFileSync } from 'node:fs'
import { findDriver } from '../src/driver/index.ts'
import { seeded, shuffled } from '../src/kit/random.ts'
import { placementHost } from '../src/lab/cores.ts'
import { uncoordinated } from '../test/driver/drive-load.ts'
import { arms, autocannon, connections, lean, loadOf, wrk } from './drivers/arms.ts'
import { barRow } from './drivers/bars.ts'
import { figures } from './drivers/figures.ts'
import { type Cost, measure, windowSeconds } from './drivers/measure.ts'
import { bodyBytes, mockBackend, nginx, type Server } from './drivers/servers.ts'
import { machine } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:drivers [ROUNDS]: the cost of a request in each driver, and in the mock backends beside nginx; and whether the
 * memory of a driver grows with the run; written to docs/measurements/driver-cost.md. Takes about a minute a round. All drivers and
 * servers in random order in each round, each driver in a new process. Pairs are taken within a round.
 */

const others = watchOtherPrograms()
const rounds = Number(process.argv[2] ?? 6)
const longRunSeconds = 30
const { cpus } = await placementHost()
/** One CPU for the server that is asked, another for the driver; the rest is left to the system. */
const [serverCpus, driverCpus] = [cpus.slice(0, 1), cpus.slice(-1)]

await using started = new AsyncDisposableStack()
const use = <One extends AsyncDisposable | undefined>(one: One): One => started.use(one)
const backend = use(await mockBackend(serverCpus))
const behind = use(await mockBackend(driverCpus))
const fixed = use(await nginx(serverCpus))
const proxy = use(await nginx(serverCpus, behind.url))

/** What is measured in each round: by name, the driver and the server. */
const cells: { readonly name: string; readonly run: () => Promise<Cost> }[] = []
const add = (name: string, arm: (typeof arms)[number], server: Server | undefined): void => {
  if (server !== undefined) cells.push({ name, run: () => measure(arm, server, driverCpus) })
}
// nginx answers faster than any driver asks, so that the driver is what has no time left.
for (const arm of arms) add(arm.name, arm, fixed ?? backend)
const servers = { backends: 'mock backend', fixed: 'nginx, static', proxy: 'nginx, proxying' }
add(servers.backends, wrk ?? lean, backend)
add(servers.fixed, wrk ?? lean, fixed)
add(servers.proxy, wrk ?? lean, proxy)

const seen = new Map<string, Cost[]>(cells.map(({ name }) => [name, []]))
const dice = seeded(Date.now())
for (let round = 0; round < rounds; round++) {
  for (const i of shuffled(cells.length, dice)) {
    const { name, run } = cells[i] as (typeof cells)[number]
    seen.get(name)?.push(await run())
  }
  process.stderr.write(`round ${round + 1} of ${rounds}\n`)
}

/** The live heap of a driver early and late in a long run, in MiB, and the total number of responses. */
async function memory(name: string): Promise<string> {
  const liveMiB = (): number => {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const samples: number[] = []
  const timer = setInterval(() => samples.push(liveMiB()), 5000)
  const load = loadOf(name, longRunSeconds, 5000)
  const { signal } = new AbortController()
  const url = new URL(backend.url)
  const { total } = await findDriver(name).drive(load, url, uncoordinated(load), signal)
  clearInterval(timer)
  const [early = 0, late = 0] = [samples[0], samples.at(-1)]
  return `| ${name} | ${early.toFixed(2)} | ${late.toFixed(2)} | ${total.ok.toLocaleString('en')} |`
}

const { cost, ratio, text, late } = figures(seen)
const driverLines = arms.map(({ name, rate }) => {
  const lateText = rate === undefined ? '–' : cost(name, 'lateMicros').toFixed(0)
  const [rates, busy] = [cost(name, 'rate').toFixed(0), (100 * cost(name, 'busy')).toFixed(0)]
  return `| ${name} | ${rates} | ${busy} % | ${cost(name, 'driver').toFixed(1)} | ${text(ratio('driver', name, autocannon.name))} | ${lateText} |`
})
const serverLines = Object.values(servers).flatMap((name) =>
  seen.has(name)
    ? [
        `| ${name} | ${cost(name, 'rate').toFixed(0)} | ${cost(name, 'server').toFixed(1)} | ${text(ratio('server', name, servers.proxy))} |`,
      ]
    : [],
)
const open = (rate: string) => `open loop, ${rate}/s`
const bars = [
  {
    name: 'lean, CPU per request: autocannon as it comes',
    max: 0.45,
    found: ratio('driver', lean.name, autocannon.name),
  },
  { name: 'lean, CPU per request: wrk', max: 1.3, found: ratio('driver', lean.name, 'wrk') },
  {
    name: 'open loop at 5,000/s, CPU per request: lean at saturation',
    max: 3,
    found: ratio('driver', open('5,000'), lean.name),
  },
  {
    name: 'open loop at 1,000/s, CPU per request: lean at saturation',
    max: 5,
    found: ratio('driver', open('1,000'), lean.name),
  },
  { name: 'lateness at 1,000/s, median', max: 50, unit: 'µs', found: late(open('1,000')) },
  { name: 'lateness at 5,000/s, median', max: 50, unit: 'µs', found: late(open('5,000')) },
  {
    name: 'mock backends, CPU per request: nginx, proxying',
    max: 0.45,
    found: ratio('server', servers.backends, servers.proxy),
  },
]
const memories = [await memory('lean'), await memory('open-loop')]
const apart = serverCpus[0] === driverCpus[0] ? 'the same CPU' : 'a CPU each'

const document = `# Cost of the drivers

Made by \`npm run bench:drivers\` on ${machine()}. ${others()} Driver and
server on ${apart}: medians of ${rounds} rounds of ${windowSeconds} s, each with everything in random order and every driver in a new
process, ${connections} connections, responses of ${bodyBytes / 1024} KiB. CPU is user and system time of all threads and processes. Ratios are taken within a
round: their pseudo-median, with its ${rounds < 6 ? 'range' : '95 % interval'}; autocannon is 9.0.0 as it comes.

## Bars

| bar | maximum | found | |
| --- | --- | --- | --- |
${bars.map(barRow).join('\n')}

## Drivers

Asked: ${fixed === undefined ? 'a mock backend, since nginx is not installed' : 'nginx, which answers by itself'}.

| driver | req/s | of its CPU | CPU-µs per request | × autocannon | late, µs (p50) |
| --- | --- | --- | --- | --- | --- |
${driverLines.join('\n')}

A closed loop sends when a response arrives: many arrive together, so that one turn of the event loop handles many. An open loop sends
when a request is due, one at a time, and wakes for each: below its maximum rate that is most of its cost. It sleeps here; with a CPU of
its own, in a run of \`lb\`, it spins.

## Servers

Asked by ${wrk === undefined ? 'lean' : 'wrk'}. The backend behind nginx shares the CPU of the driver.

| server | req/s | CPU-µs per request | × nginx, proxying |
| --- | --- | --- | --- |
${serverLines.join('\n')}

## Memory

| driver | live heap after 5 s, MiB | after ${longRunSeconds} s | requests |
| --- | --- | --- | --- |
${memories.join('\n')}
`
writeFileSync(new URL('../docs/measurements/driver-cost.md', import.meta.url), document)
process.stdout.write(document)
