import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { percent } from '../src/kit/units.ts'
import { readResult } from '../src/result/read.ts'
import type { SlowCause } from '../src/result/schemas/slow.ts'
import { runLb } from './support/run-lb.ts'

/*
 * npm run bench:causes [-- --only NAME]: whether the causes of slow requests are named right. Real causes are planted, each in a
 * run of three trials of 7 s, twice a second (see support/preload-pause.ts): of the 30 slowest requests a share is named
 * right, wrong, or unexplained. The bars are 90 % right and 5 % wrong. Takes 6 minutes. Needs a build.
 */

const { values: options } = parseArgs({ options: { only: { type: 'string' } } })

interface Planted {
  readonly name: string
  /** Causes that are right. */
  readonly right: readonly SlowCause[]
  /** What preload-pause.ts plants. */
  readonly plant?: string
  /** Programs that use all CPUs for 50 ms, twice a second, all at once. */
  readonly competes?: boolean
  /** Fields of the scenario. */
  readonly scenario?: string
}

const queueing = 'backends: { count: 2, responseBytes: 128, serviceTime: 1ms, concurrency: 1 }'
const all: readonly Planted[] = [
  ...(['target-gc', 'target-loop', 'driver-gc', 'driver-loop'] as const).map((name) => ({
    ...{ name, right: [name], plant: name },
  })),
  {
    name: 'run-queue wait',
    right: ['target-run-queue', 'driver-run-queue', 'backends-run-queue'],
    competes: true,
  },
  { name: 'retry', right: ['retry'], plant: 'backends-retry' },
  { name: 'connection to a backend', right: ['target-connect'], plant: 'target-connect' },
  { name: 'connection to the target', right: ['new-connection'], plant: 'driver-connect' },
  {
    name: 'queue at a backend',
    right: ['backend-queue'],
    plant: 'backends-burst',
    scenario: queueing,
  },
  {
    name: 'ejection',
    right: ['ejection'],
    // One of two backends is gone: the other one has four fifths of the requests that it can serve.
    scenario: `${queueing.replace('1ms', '2ms')}\nfaults: [{ at: 1s, backend: 1, do: kill }]`,
  },
]
const common = `question: Is the cause named right?
algorithms: [round-robin]
phase: latency
rate: 400
control: false
warmup: 1s
duration: 7s
trials: 3
`
const usualBackends = 'backends: { count: 2, responseBytes: 128 }'

const root = join(import.meta.dirname, '..')
const folder = await mkdtemp(join(tmpdir(), 'lb-causes-'))
const preload = new URL('./support/preload-pause.ts', import.meta.url).href

/** Uses all CPUs in short bursts, by the clock of the host, until it is stopped. */
function compete(): () => void {
  const burst = `const begin = () => {
    const end = performance.now() + 50
    while (performance.now() < end);
    setTimeout(begin, 500 - (Date.now() % 500))
  }
  setTimeout(begin, 500 - (Date.now() % 500))`
  const programs = Array.from({ length: 16 }, () => spawn(process.execPath, ['-e', burst]))
  return () => {
    for (const one of programs) one.kill()
  }
}

interface Found {
  readonly counts: ReadonlyMap<SlowCause, number>
  /** Times of half a second with one of these requests: as many plants, or a few more. */
  readonly plants: number
}

async function run({ plant, competes, scenario = usualBackends }: Planted): Promise<Found> {
  const [file, scenarioFile] = ['result.json', 'scenario.yaml'].map((name) =>
    join(folder, name),
  ) as [string, string]
  await writeFile(scenarioFile, `${common}${scenario}\n`)
  const env =
    plant === undefined
      ? {}
      : {
          NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`,
          LB_PLANT: plant,
        }
  const stop = competes ? compete() : () => {}
  try {
    const { code, stderr } = await runLb(
      root,
      ['bench', '--scenario', scenarioFile, '--output', file, '--force', '--no-keep'],
      env,
    )
    if (code === 1 || code === 2) throw new Error(`lb bench ended with ${code}: ${stderr}`)
  } finally {
    stop()
  }
  const { trials } = await readResult(file)
  const counts = new Map<SlowCause, number>()
  const plants = new Set<string>()
  for (const [trial, { slow }] of trials.entries()) {
    for (const { cause, at } of slow?.slowest ?? []) {
      counts.set(cause, (counts.get(cause) ?? 0) + 1)
      plants.add(`${trial} ${Math.floor(2 * at)}`)
    }
  }
  return { counts, plants: plants.size }
}

try {
  let within = 0
  const chosen = all.filter(({ name }) => options.only === undefined || name === options.only)
  for (const planted of chosen) {
    const { counts, plants } = await run(planted)
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const right = planted.right.reduce((sum, cause) => sum + (counts.get(cause) ?? 0), 0)
    const unexplained = counts.get('unexplained') ?? 0
    const wrong = total - right - unexplained
    if (right >= 0.9 * total && wrong <= 0.05 * total) within++
    const named = [...counts].map(([cause, count]) => `${cause} ${count}`).join(', ')
    process.stdout.write(
      `${planted.name}: ${percent(right / total)} right, ${percent(wrong / total)} wrong, ${percent(unexplained / total)} unexplained (of ${total} requests in ${plants} half seconds: ${named})\n`,
    )
  }
  process.stdout.write(
    `${within} of ${chosen.length} causes are within the bars of 90 % right, 5 % wrong\n`,
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
