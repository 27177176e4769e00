import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Random, shuffled } from '../../src/kit/random.ts'
import type { Comparison } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { burnEnv } from './burn-env.ts'
import { ratioText } from './figures-text.ts'
import { runLb } from './run-lb.ts'

/** Options of comparisons of stored results of one build with each other, and with those of the same build burning a share more CPU. */
export interface StoredRunsOptions {
  readonly root: string
  readonly folder: string
  readonly share: number
  readonly count: number
  readonly trials: readonly string[]
  readonly rule: string
  readonly random: Random
  /** Milliseconds of `performance.now()` after which no try is started. */
  readonly endMs: number
}

/** The outcome of `lb compare` for two results. */
interface StoredComparison {
  readonly code: number
  readonly ratio: Comparison['ratio'] | undefined
}

/** One try: a result of the same build and one of that build burning CPU, in random order, both compared with the base. */
export interface Try {
  readonly same: StoredComparison
  readonly slowed: StoredComparison
  readonly seconds: number
}

const names = ['again', 'slowed'] as const

/**
 * Runs the tries one after the other, and prints a line each; the base of a try is the result of the same build in the previous one.
 * The burnt CPU follows the last cost per request.
 */
export async function compareStoredRuns(options: StoredRunsOptions): Promise<Try[]> {
  const { root, folder, count, random, endMs } = options
  const fileOf = (name: string) => join(folder, `${name}.json`)
  const bench = async (name: string, variables?: NodeJS.ProcessEnv) => {
    const seed = Math.floor(random() * 2 ** 31)
    const args = [...options.trials, '--seed', `${seed}`]
    const output = ['--output', fileOf(name), '--force', '--format', 'csv']
    const { code, stderr } = await runLb(root, ['bench', ...args, ...output], variables)
    if (![0, 97].includes(code)) throw new Error(`lb bench ended with ${code}: ${stderr}`)
  }
  await bench('base')
  const seen: Try[] = []
  while (seen.length < count && performance.now() < endMs) {
    const begun = performance.now()
    const burning = burnEnv(options.share * (await costIn(fileOf('base'))))
    for (const i of shuffled(names.length, random)) {
      const name = names[i] as (typeof names)[number]
      await bench(name, name === 'slowed' ? burning : undefined)
    }
    const compared = (head: string) => compareStored(options, fileOf('base'), fileOf(head))
    const one = {
      same: await compared('again'),
      slowed: await compared('slowed'),
      seconds: (performance.now() - begun) / 1000,
    }
    seen.push(one)
    await rename(fileOf('again'), fileOf('base'))
    process.stdout.write(
      `try ${seen.length} of ${count}: one commit ${comparisonText(one.same)}; slowed ${comparisonText(one.slowed)}; ${Math.round(one.seconds)} s\n`,
    )
  }
  return seen
}

async function costIn(file: string): Promise<number> {
  return (await readResult(file)).findings[0]?.metrics.cpuPerRequest?.center as number
}

async function compareStored(
  { root, rule }: StoredRunsOptions,
  base: string,
  head: string,
): Promise<StoredComparison> {
  const { code, stdout } = await runLb(root, ['compare', base, head, '--fail-on', rule, '--json'])
  const { comparisons } = JSON.parse(stdout) as { comparisons?: readonly Comparison[] }
  return { code, ratio: comparisons?.find(({ metric }) => metric === 'cpuPerRequest')?.ratio }
}

function comparisonText({ code, ratio }: StoredComparison): string {
  return `exit ${code}, ratio ${ratio === undefined ? 'none' : ratioText(ratio)}`
}
