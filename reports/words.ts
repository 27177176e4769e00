import { percent, quantity } from '../src/kit/units.ts'
import type { Comparison, Finding, ResultDocument } from '../src/result/document.ts'
import { metrics } from '../src/result/metrics.ts'

/** What limited an arm, in one line: `driver-limited: driver used 97 % of …`. */
export function limit({ limitedBy, because, atLeast }: Finding): string {
  const who = limitedBy === 'target' || limitedBy === 'nothing' ? '' : `${limitedBy}-limited: `
  return `${who}${because}${atLeast ? '; its throughput is a lower bound' : ''}`
}

/**
 * A line an arm. At a rate that all can serve nothing should limit, so that the latency phase is named
 * only where something did.
 */
export function limitLines({ findings }: ResultDocument): string[] {
  return findings
    .filter(({ phase, limitedBy }) => phase === 'capacity' || limitedBy !== 'nothing')
    .map((one) => `${one.arm}${one.phase === 'latency' ? ', open loop' : ''}: ${limit(one)}`)
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

/** Everything that qualifies the figures; what differs by its figures only is said once, with the first. */
export function caveats(document: ResultDocument): string[] {
  const alike = Map.groupBy([...foundCaveats(document), ...trialCaveats(document)], ([, caveat]) =>
    caveat.replace(/\d[\d,.]*/g, '#'),
  )
  const arms = new Set(document.findings.map(({ arm }) => arm)).size
  const said = [...alike.values()].map((group) => {
    const who = [...new Set(group.map(([arm]) => arm))]
    const name = who.length > 1 && who.length === arms ? 'every arm' : who.join(', ')
    return `${name}: ${group[0]?.[1]}`
  })
  return [...said, ...document.warnings]
}

type ArmCaveat = readonly [arm: string, caveat: string]

function foundCaveats({ findings }: ResultDocument): ArmCaveat[] {
  return findings.flatMap(({ arm, notes, metrics: found }) =>
    [...notes, ...Object.values(found).flatMap(({ warnings }) => warnings)].map(
      (caveat) => [arm, caveat] as const,
    ),
  )
}

/** What trials that count have to say; the reasons of those that do not are notes of the finding. */
function trialCaveats({ findings, trials }: ResultDocument): ArmCaveat[] {
  return findings.flatMap(({ arm, phase }) => {
    const own = trials.filter(({ trial }) => trial.arm === arm && trial.phase === phase)
    const reasons = own.flatMap(({ verdict }) => (verdict.valid ? verdict.reasons : []))
    const [first] = reasons
    if (first === undefined) return []
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more such in its trials)` : ''
    return [[arm, `${first}${more}`] as const]
  })
}

/** Which question was run, and whether to its end. */
export function title({ plan, complete, trials }: ResultDocument): string {
  const cut = complete ? '' : ` (stopped after ${trials.length} of ${plan.trials.length} trials)`
  return `${plan.scenario}${cut}`
}

/** The load: `5 trials of 2 s an arm, 40 connections, 3 backends, seed 1`. */
export function load({ plan }: ResultDocument): string {
  return [
    `${plural(plan.blocks, 'trial')} of ${plan.duration} s an arm`,
    plural(plan.connections, 'connection'),
    plural(plan.backends.length, 'backend'),
    `seed ${plan.seed}`,
  ].join(', ')
}

/** `1 trial`, `5 trials` */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** The machine in one line. */
export function machine({ host }: ResultDocument): string {
  const { cpuModel, cpus, cpusAvailable, memoryBytes, os, node } = host
  return `${cpuModel}, ${cpusAvailable} of ${plural(cpus, 'CPU')}, ${quantity(memoryBytes, 'bytes')}, ${os}, Node ${node}`
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
