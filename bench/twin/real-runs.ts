import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResultDocument } from '../../src/result/document.ts'
import { decode, type Histogram } from '../../src/stats/histogram/histogram.ts'
import { runLb } from '../support/run-lb.ts'

/** A scenario that is run with real processes, in the grammar of scenario files. */
export interface RealScenario {
  readonly algorithm: string
  readonly target: 'reference' | 'direct'
  readonly rate: number
  /** Seconds of each trial, and how many. */
  readonly seconds: number
  readonly trials: number
  readonly seed: number
  /** YAML of its backends. */
  readonly backends: string
}

const root = join(import.meta.dirname, '../..')

/** Runs the trials of a scenario in open loop: for each that is valid the times of its requests in µs, from when each was due. */
export async function realRuns(scenario: RealScenario): Promise<Histogram[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lb-twin-'))
  try {
    const file = join(folder, 'twin.yaml')
    const output = join(folder, 'result.json')
    await writeFile(file, scenarioText(scenario))
    const { code, stderr } = await runLb(root, [
      ...['bench', '--scenario', file, '--output', output, '--no-keep'],
      ...['--seed', String(scenario.seed), '--progress', 'none'],
    ])
    const text = await readFile(output, 'utf8').catch(() => undefined)
    if (text === undefined) throw new Error(`lb bench ended with ${code}: ${stderr}`)
    const document = JSON.parse(text) as ResultDocument
    const all = document.trials.filter(({ trial: { phase } }) => phase === 'latency')
    if (all.length === 0) throw new Error(`no latency trial: ${stderr}`)
    const valid = all.filter(({ verdict }) => verdict.valid)
    // On a host on which most are not, medians of a few would be no better.
    const trials = 2 * valid.length > all.length ? valid : all
    return trials.map(({ latency }) => decode(latency))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function scenarioText({
  algorithm,
  target,
  rate,
  seconds,
  trials,
  backends,
}: RealScenario): string {
  return [
    'question: What does the twin predict?',
    `algorithms: [${algorithm}]`,
    `targets: [${target}]`,
    'phase: latency',
    `rate: ${rate}`,
    'arrivals: poisson',
    'control: false',
    'connections: 64',
    'warmup: { min: 1s, max: 1s }',
    `duration: ${seconds}s`,
    `trials: ${trials}`,
    `backends: ${backends}`,
    '',
  ].join('\n')
}
