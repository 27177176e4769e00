import { percent } from '../src/kit/units.ts'
import type { Comparison, Finding, ResultDocument } from '../src/result/document.ts'
import { metrics } from '../src/result/metrics.ts'

/** What limited an arm, in one line: `driver-limited: driver used 97 % of …`. */
export function limit({ limitedBy, because, atLeast }: Finding): string {
  const who = limitedBy === 'target' || limitedBy === 'nothing' ? '' : `${limitedBy}-limited: `
  return `${who}${because}${atLeast ? '; its throughput is a lower bound' : ''}`
}

/** `throughput 5.3 % less (95 % interval 3.3 % less … 7.3 % less): worse`. */
export function difference({ metric, ratio, answer, margin }: Comparison): string {
  const { center, low, high, confidence, interval, n } = ratio
  const edges = `${change(low)} … ${change(high)}`
  const sure =
    interval === 'confidence' ? `${percent(confidence)} interval ${edges}` : `${n} pairs ${edges}`
  const meaning = answer === 'same' ? `same within ${percent(margin)}` : answer
  return `${metrics[metric].label} ${change(center)} (${sure}): ${meaning}`
}

/** A ratio as a change: `5.3 % less`. */
function change(ratio: number): string {
  const size = percent(ratio - 1)
  if (size === '0 %') return 'the same'
  return `${size} ${ratio < 1 ? 'less' : 'more'}`
}

/** What the reader must know before believing any figure, besides the document's own warnings. */
export function caveats(document: ResultDocument): string[] {
  const { plan, trials } = document
  const planned = plan.trials.length
  return [
    ...(document.complete
      ? []
      : [`Incomplete: the run was stopped after ${trials.length} of ${planned} trials.`]),
    ...(document.build === 'source'
      ? [
          'The processes that were measured ran from TypeScript sources, which costs memory and time: build before you measure.',
        ]
      : []),
    ...invalidTrials(document),
    ...document.findings.flatMap(({ arm, notes, metrics: found }) => [
      ...notes.map((note) => `${arm}: ${note}`),
      ...distinct(Object.values(found).flatMap(({ warnings }) => warnings)).map(
        (warning) => `${arm}: ${warning}`,
      ),
    ]),
    ...document.warnings,
  ]
}

function invalidTrials({ trials }: ResultDocument): string[] {
  const wrong = trials.filter(({ verdict }) => !verdict.valid)
  return wrong.map(
    ({ trial, verdict }) =>
      `${trial.arm}, block ${trial.block + 1} did not count: ${verdict.reasons.join('; ')}`,
  )
}

function distinct<T>(all: readonly T[]): T[] {
  return [...new Set(all)]
}

/** How the load was made: `5 blocks of 2 s, 40 connections, seed 1`. */
export function load({ plan }: ResultDocument): string {
  const blocks = `${plan.blocks} block${plan.blocks === 1 ? '' : 's'}`
  const connections = `${plan.connections} connection${plan.connections === 1 ? '' : 's'}`
  return `${blocks} of ${plan.duration} s, ${connections}, ${plan.backends.length} backends, seed ${plan.seed}`
}

/** The line that repeats the run. */
export function repeat({ command, plan }: ResultDocument): string {
  const seeded = command.some((word) => /^--seed(=|$)/.test(word))
  return ['npx', 'lb', ...command, ...(seeded ? [] : ['--seed', String(plan.seed)])]
    .map(quoted)
    .join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
