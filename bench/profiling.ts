import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { Result } from 'autocannon'
import { seeded } from '../src/kit/random.ts'
import { startProcess } from '../src/lab/process.ts'
import { cpuSeconds } from '../src/meter/process-usage.ts'
import { compare, type Pair } from '../src/stats/tests/comparison.ts'
import { machine, ratioText } from './support/figures-text.ts'

/*
 * npm run bench:profiling: what a CPU profile of a running `lb serve` costs. Each pair is two loads of one balancer in random
 * order, one with a profile of /debug/pprof/profile for its whole length, one without. Prints the CPU time per request of the
 * balancer's process, with ÷ without, and its 95 % interval: the start and the end of the profile are in it. --interval 1:
 * with a sample each ms, in place of the default. 10 pairs of 10 s take 4 minutes.
 */

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    profile: { type: 'string', default: 'profile' },
    interval: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})

/** Overhead that is accepted, as a fraction. */
const margin = 0.05
const connections = 32
const token = 'a-token-for-this-benchmark'
const lb = join(import.meta.dirname, '../bin/run.js')

/** Starts a command of lb; the address is the first in its first lines that `pattern` finds. */
async function start(args: readonly string[], pattern: RegExp) {
  const child = spawn(process.execPath, [lb, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LB_ADMIN_TOKEN: token },
  })
  return { child, urls: await addresses(child, pattern) }
}

async function addresses({ stdout }: ChildProcess, last: RegExp): Promise<string[]> {
  const found: string[] = []
  for await (const line of createInterface({ input: stdout as NonNullable<typeof stdout> })) {
    const [url] = /http:\S+/.exec(line) ?? []
    if (url !== undefined) found.push(url)
    if (last.test(line)) return found
  }
  throw new Error('lb has ended before it was ready')
}

await using stack = new AsyncDisposableStack()
const end = (child: ChildProcess) => async () => {
  child.kill('SIGINT')
  if (child.exitCode === null) await once(child, 'exit')
}
const backends = await start(['backends', '--count', '1', '--port', '0'], /backend 1/)
stack.defer(end(backends.child))
const [backend = ''] = backends.urls
const balancer = await start(
  [
    ...['serve', '--backend', backend, '--port', '0', '--admin-port', '0'],
    ...['--profiling', '--no-supervise'],
  ],
  /^admin port/,
)
stack.defer(end(balancer.child))
const [url = '', admin = ''] = balancer.urls
const driver = await startProcess({
  name: 'the driver',
  file: join(import.meta.dirname, 'support/autocannon-process.ts'),
})
stack.defer(() => driver.stop())

const seconds = Number(options.seconds)
const pids = [balancer.child.pid as number]

async function profile(): Promise<void> {
  const interval = options.interval === undefined ? '' : `&interval=${options.interval}`
  const path = `/debug/pprof/${options.profile}?seconds=${seconds}${interval}`
  const response = await fetch(new URL(path, admin), {
    headers: { authorization: `Bearer ${token}` },
  })
  const body = Buffer.from(await response.bytes())
  if (!response.ok) throw new Error(`${path} responds with ${response.status}: ${body}`)
}

/** CPU-seconds of the balancer for each request of one load. */
async function measure(profiled: boolean): Promise<number> {
  const before = cpuSeconds(pids)
  const [result] = await Promise.all([
    driver.call<Result>('drive', { url, connections, duration: seconds }, { timeout: 60 }),
    profiled ? profile() : undefined,
  ])
  return (cpuSeconds(pids) - before) / result.requests.total
}

// Code is compiled, and the modules of profiles are loaded.
await measure(true)
await measure(false)
const random = seeded(Number(options.seed))
const pairs: Pair[] = []
while (pairs.length < Number(options.pairs)) {
  const isFirst = random() < 0.5
  const first = await measure(isFirst)
  const second = await measure(!isFirst)
  const [profiled, without] = isFirst ? [first, second] : [second, first]
  pairs.push([without, profiled])
  process.stdout.write(
    `pair ${pairs.length} of ${options.pairs}: ${(1e6 * without).toFixed(1)} µs, ${(1e6 * profiled).toFixed(1)} µs with a profile: × ${(profiled / without).toFixed(3)}\n`,
  )
}
const { ratio, outcome } = compare(pairs, { better: 'less', margin })
process.stdout.write(
  `${machine()}: ${pairs.length} pairs of ${seconds} s. CPU per request with a profile ÷ without: ${ratioText(ratio)}; ${outcome} at ${100 * margin} %\n`,
)
