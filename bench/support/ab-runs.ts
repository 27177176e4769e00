import { join } from 'node:path'
import { pairings, pairsOf } from '../../src/experiment/findings/pairs.ts'
import type { Comparison, ResultDocument } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { compare } from '../../src/stats/tests/comparison.ts'
import { burnEnv, headBurns } from './burn-env.ts'
import { ratioText } from './figures-text.ts'
import { runLb } from './run-lb.ts'

/** Options of A/B runs of the balancer against one that burns a share more CPU per request. */
export interface AbRunOptions {
  readonly root: string
  readonly folder: string
  readonly share: number
  readonly count: number
  readonly trials: readonly string[]
  /** Milliseconds of `performance.now()` after which no run is started. */
  readonly endMs: number
}

/** The outcome of one full comparison by pairs. */
export interface AbRun {
  readonly found: boolean
  readonly code: number
  readonly seconds: number
  readonly ratio: Comparison['ratio']
  /** Standard deviation of the pairs' log-ratios. */
  readonly spread: number
}

/** Runs the comparisons one after the other, and prints a line each. The burnt CPU follows the last cost per request of the base. */
export async function abRuns(options: AbRunOptions): Promise<AbRun[]> {
  let { cost } = await runAb(options, 0)
  const seen: AbRun[] = []
  while (seen.length < options.count && performance.now() < options.endMs) {
    const { abRun, cost: now } = await runAb(options, options.share * cost)
    cost = now
    if (abRun === undefined)
      throw new Error('a comparison had no valid trials: this host is too noisy')
    seen.push(abRun)
    process.stdout.write(
      `comparison ${seen.length} of ${options.count}: ${abRun.found ? 'found' : 'not found'}, exit ${abRun.code}, ratio ${ratioText(abRun.ratio)}, standard deviation of the pairs ${(100 * abRun.spread).toFixed(1)} %, ${abRun.ratio.n} pairs, ${Math.round(abRun.seconds)} s\n`,
    )
  }
  return seen
}

async function runAb({ root, folder, trials }: AbRunOptions, burn: number) {
  const begun = performance.now()
  const output = join(folder, 'comparison')
  const gate = ['--fail-on', 'cpu>+0%', '--output', output, '--force', '--format', 'csv']
  const { code, stderr } = await runLb(
    root,
    ['ci', ...headBurns, ...trials, ...gate],
    burnEnv(burn),
  )
  if (![0, 96, 97, 98].includes(code)) throw new Error(`lb ci ended with ${code}: ${stderr}`)
  const document = await readResult(join(output, 'result.json'))
  return {
    abRun: abRunOf(document, { code, seconds: (performance.now() - begun) / 1000 }),
    cost: document.findings[0]?.metrics.cpuPerRequest?.center as number,
  }
}

function abRunOf(
  { plan, trials, comparisons }: ResultDocument,
  ran: Pick<AbRun, 'code' | 'seconds'>,
): AbRun | undefined {
  const found = comparisons.find(({ metric }) => metric === 'cpuPerRequest')
  const [pairing] = pairings(plan)
  if (found === undefined || pairing === undefined) return undefined
  const { metric, phase } = found
  const { pairs } = pairsOf(trials, pairing, { metric, phase })
  const { spread } = compare(pairs, { better: 'less', margin: 0 })
  return { found: found.outcome === 'worse' && ran.code === 98, ratio: found.ratio, spread, ...ran }
}
