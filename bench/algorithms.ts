import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import { findAlgorithm } from '../src/algorithms/find-algorithm.ts'
import { algorithms } from '../src/algorithms/index.ts'
import { seeded } from '../src/kit/random.ts'
import { pickerHarness } from '../test/support/algorithms/picker-harness.ts'

/*
 * npm run bench:algorithms: the cost of one pick, as a markdown table. Each algorithm runs in a process of its
 * own, as in the balancer, so that the code is not optimised for others. Requests begin and end between the
 * picks (64 in flight), keys are client addresses, a million picks pass in a second of the given clock,
 * and all rows are eligible. Figures are medians of rounds.
 */

const sizes = [4, 100, 1000] as const
const rounds = 9
/** Minimum number of picks at which V8's own allocations, a page of 256 KB, are below 2 bytes per pick. */
const minPicks = 150_000
/** Minimum duration of a round, nanoseconds. */
const roundNs = 40e6
const inFlight = 64

/** The cost of one pick at one number of backends. */
interface Cost {
  readonly ns: number
  readonly bytes: number
}

function benchmark(name: string, size: number): Cost {
  const dice = seeded(1)
  const { table, picker } = pickerHarness(findAlgorithm(name), {
    weights: Array.from({ length: size }, (_, row) => 1 + (row % 3)),
  })
  const keys = Array.from({ length: 1024 }, () =>
    Array.from({ length: 4 }, () => Math.floor(dice() * 256)).join('.'),
  )
  for (let row = 0; row < size; row++) picker.recordLatency?.(row, 0.005 + dice() / 10, 0)
  const choice = { key: '', now: 0, tried: undefined }
  const open = new Int32Array(inFlight).fill(-1)

  function run(picks: number): void {
    for (let pick = 0; pick < picks; pick++) {
      choice.key = keys[pick & 1023] as string
      choice.now += 1e-6
      const row = picker.pick(choice)
      table.inFlight[row] = (table.inFlight[row] as number) + 1
      const ended = open[pick & (inFlight - 1)] as number
      if (ended !== -1) table.inFlight[ended] = (table.inFlight[ended] as number) - 1
      open[pick & (inFlight - 1)] = row
    }
  }

  // Long enough for just-in-time compilation, and to find how many picks fill a round.
  let picks = 1000
  for (let took = 0; took < roundNs; took = cpuNs(() => run(picks))) picks *= 2
  run(picks)
  const times = Array.from({ length: rounds }, () => cpuNs(() => run(picks)) / picks)
  const many = Math.max(picks, minPicks)
  const before = getHeapStatistics().total_allocated_bytes
  run(many)
  const bytes = (getHeapStatistics().total_allocated_bytes - before) / many
  return { ns: times.sort((a, b) => a - b)[rounds >> 1] as number, bytes }
}

/** CPU time of this thread, which other programs disturb less than elapsed time. */
function cpuNs(work: () => void): number {
  const start = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(start)
  return 1000 * (user + system)
}

function inOwnProcess(name: string): Cost[] {
  const printed = execFileSync(process.execPath, [fileURLToPath(import.meta.url), name], {
    encoding: 'utf8',
  })
  return JSON.parse(printed) as Cost[]
}

function table(): string {
  const head = sizes.map((size) => `${size} backends: picks/s | ns | B`)
  const lines = algorithms.map(({ name }) => {
    const cells = inOwnProcess(name).map(({ ns, bytes }) => {
      const rate = `${(1000 / ns).toFixed(ns < 100 ? 1 : 2)} M`
      return `${rate} | ${ns.toFixed(0)} | ${bytes < 2 ? 0 : bytes.toFixed(0)}`
    })
    return `| ${name} | ${cells.join(' | ')} |`
  })
  return [
    `| algorithm | ${head.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(3 * sizes.length)}`,
    ...lines,
  ].join('\n')
}

const [requested] = process.argv.slice(2)
process.stdout.write(
  requested === undefined
    ? `${table()}\n\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}\n`
    : JSON.stringify(sizes.map((size) => benchmark(requested, size))),
)
