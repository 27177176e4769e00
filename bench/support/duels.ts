import { join } from 'node:path'
import { pairings, pairsOf } from '../../src/experiment/findings/pairs.ts'
import type { Comparison, ResultDocument } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { compare } from '../../src/stats/tests/comparison.ts'
import { burnEnv, headBurns } from './burn-env.ts'
import { runLb } from './run-lb.ts'
import { ratioText } from './words.ts'

/** How to have the balancer against one of its own that burns a share more CPU on each request. */
export interface AbRunOptions {
  readonly root: string
  readonly folder: string
  readonly share: number
  readonly count: number
  readonly trials: readonly string[]
  /** Milliseconds of `performance.now()` after which no more are begun. */
  readonly endMs: number
}

/** One full comparison of the two, by pairs. */
export interface Duel {
  readonly found: boolean
  readonly code: number
  readonly seconds: number
  readonly ratio: Comparison['ratio']
  /** SD of the pairs' log-ratios. */
  readonly spread: number
}

/** Runs them one after another, a line each. What is burnt follows from what a request last cost the base. */
export async function duels(options: AbRunOptions): Promise<Duel[]> {
  let { cost } = await fight(options, 0)
  const seen: Duel[] = []
  while (seen.length < options.count && performance.now() < options.endMs) {
    const { duel, cost: now } = await fight(options, options.share * cost)
    cost = now
    if (duel === undefined)
      throw new Error('a duel had no trials that count: the host is not fit to measure on')
    seen.push(duel)
    process.stdout.write(
      `duel ${seen.length} of ${options.count}: ${duel.found ? 'found' : 'not found'}, exit ${duel.code}, ratio ${ratioText(duel.ratio)}, SD of the pairs ${(100 * duel.spread).toFixed(1)} %, ${duel.ratio.n} pairs, ${Math.round(duel.seconds)} s\n`,
    )
  }
  return seen
}

async function fight({ root, folder, trials }: AbRunOptions, burn: number) {
  const begun = performance.now()
  const output = join(folder, 'duel')
  const gate = ['--fail-on', 'cpu>+0%', '--output', output, '--force', '--format', 'csv']
  const { code, stderr } = await runLb(
    root,
    ['ci', ...headBurns, ...trials, ...gate],
    burnEnv(burn),
  )
  if (![0, 97, 98].includes(code)) throw new Error(`lb ci ended with ${code}: ${stderr}`)
  const document = await readResult(join(output, 'result.json'))
  return {
    duel: duelIn(document, { code, seconds: (performance.now() - begun) / 1000 }),
    cost: document.findings[0]?.metrics.cpuPerRequest?.center as number,
  }
}

function duelIn(
  { plan, trials, comparisons }: ResultDocument,
  ran: Pick<Duel, 'code' | 'seconds'>,
): Duel | undefined {
  const found = comparisons.find(({ metric }) => metric === 'cpuPerRequest')
  const [pairing] = pairings(plan)
  if (found === undefined || pairing === undefined) return undefined
  const { metric, phase } = found
  const { pairs } = pairsOf(trials, pairing, { metric, phase })
  const { spread } = compare(pairs, { better: 'less', margin: 0 })
  return { found: found.outcome === 'worse' && ran.code === 98, ratio: found.ratio, spread, ...ran }
}
