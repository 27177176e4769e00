import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readResult } from '../src/result/read.ts'
import { ratioText } from './support/figures-text.ts'
import { plantedSteps } from './support/planted-steps.ts'
import { runLb } from './support/run-lb.ts'

/*
 * npm run bench:steps: what it costs the reference balancer to time the steps of requests: CPU per request with and without,
 * in pairs, at saturation. The bar is 3 %. Takes up to 3 minutes.
 *
 * npm run bench:steps -- --planted: whether time that is planted into one step shows there and nowhere else, and whether the
 * steps sum to the time that a client sees. Takes a minute.
 */

const { values: options } = parseArgs({
  options: {
    trials: { type: 'string', default: '14' },
    warmup: { type: 'string', default: '1s' },
    duration: { type: 'string', default: '2s' },
    'max-time': { type: 'string', default: '170s' },
    planted: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '25' },
  },
})

const root = join(import.meta.dirname, '..')
const folder = await mkdtemp(join(tmpdir(), 'lb-steps-'))
try {
  if (options.planted) await plantedSteps({ root, folder, rounds: Number(options.rounds) })
  else await costOfSteps()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function costOfSteps(): Promise<void> {
  const output = join(folder, 'comparison')
  const { code, stderr } = await runLb(root, [
    'ci',
    ...['--base-config', '{"observe":{"pauses":true}}'],
    ...['--head-config', '{"observe":{"pauses":true,"steps":true}}'],
    ...['--trials', options.trials, '--warmup', options.warmup, '--duration', options.duration],
    ...['--max-time', options['max-time'], '--fail-on', 'cpu>+3%'],
    ...['--output', output, '--force', '--format', 'csv'],
  ])
  if (![0, 96, 97, 98].includes(code)) throw new Error(`lb ci ended with ${code}: ${stderr}`)
  const { comparisons } = await readResult(join(output, 'result.json'))
  const found = comparisons.find(({ metric }) => metric === 'cpuPerRequest')
  if (found === undefined) throw new Error('no valid trials: this host is too noisy')
  const { ratio } = found
  process.stdout.write(
    `CPU per request with the steps against without: ratio ${ratioText(ratio)}, ${ratio.n} pairs; the bar is 1.03\n`,
  )
}
