import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percent } from '../src/kit/units.ts'
import { readResult } from '../src/result/read.ts'
import type { SlowCause } from '../src/result/schemas/slow.ts'
import { runLb } from './support/run-lb.ts'

/*
 * npm run bench:causes: whether the causes of slow requests are named right. Real causes are planted in runs of 12 s each, some
 * 20 times: garbage collections and delays of the event loop in the target and in the driver, programs that compete for the
 * CPUs. Of the slowest requests a share is named right, wrong, or unexplained; the bars are 90 % right and 5 % wrong. Takes
 * 2 minutes. Needs a build.
 */

interface Planted {
  readonly name: string
  /** Causes that are right. */
  readonly right: readonly SlowCause[]
  readonly env?: NodeJS.ProcessEnv
  /** Programs that use all CPUs for 50 ms, twice a second. */
  readonly competes?: boolean
}

const preload = new URL('./support/preload-pause.ts', import.meta.url).href
const planting = (plant: string) => ({
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`,
  LB_PLANT: plant,
})
const pauses = ['target-gc', 'target-loop', 'driver-gc', 'driver-loop'] as const
const all: readonly Planted[] = [
  ...pauses.map((name) => ({ name, right: [name], env: planting(name) })),
  {
    name: 'run-queue wait',
    right: ['target-run-queue', 'driver-run-queue', 'backends-run-queue'],
    competes: true,
  },
]

const root = join(import.meta.dirname, '..')
const folder = await mkdtemp(join(tmpdir(), 'lb-causes-'))

/** Uses all CPUs in short bursts until it is stopped. */
function compete(): () => void {
  const burst =
    'setInterval(() => { const end = performance.now() + 50; while (performance.now() < end); }, 500)'
  const programs = Array.from({ length: 16 }, () => spawn(process.execPath, ['-e', burst]))
  return () => {
    for (const one of programs) one.kill()
  }
}

async function shares({ env, competes }: Planted): Promise<Map<SlowCause, number>> {
  const file = join(folder, 'result.json')
  const stop = competes ? compete() : () => {}
  try {
    const { code, stderr } = await runLb(
      root,
      [
        ...['bench', '--algo', 'round-robin', '--phase', 'latency', '--rate', '400'],
        ...['--trials', '1', '--no-control', '--warmup', '1s', '--duration', '12s'],
        ...['--output', file, '--force', '--no-keep'],
      ],
      env,
    )
    if (code === 1 || code === 2) throw new Error(`lb bench ended with ${code}: ${stderr}`)
  } finally {
    stop()
  }
  const { trials } = await readResult(file)
  const counts = new Map<SlowCause, number>()
  for (const { cause } of trials.flatMap(({ slow }) => slow?.slowest ?? [])) {
    counts.set(cause, (counts.get(cause) ?? 0) + 1)
  }
  return counts
}

try {
  for (const planted of all) {
    const counts = await shares(planted)
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const right = planted.right.reduce((sum, cause) => sum + (counts.get(cause) ?? 0), 0)
    const unexplained = counts.get('unexplained') ?? 0
    const named = [...counts].map(([cause, count]) => `${cause} ${count}`).join(', ')
    process.stdout.write(
      `${planted.name}: ${percent(right / total)} right, ${percent((total - right - unexplained) / total)} wrong, ${percent(unexplained / total)} unexplained (${named})\n`,
    )
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
