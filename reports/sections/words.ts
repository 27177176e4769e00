import { percent, quantity } from '../../src/kit/units.ts'
import type { Comparison, Finding, ResultDocument, Summary } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import { patternOf, together } from './alike.ts'

/** An arm that was asked for, and could not be. */
export type SkippedArm = NonNullable<ResultDocument['plan']['skipped']>[number]

/** What limited an arm, in one line: `driver-limited: driver used 97 % of …`. */
export function limit({ bottleneck, because, isLowerBound }: Finding): string {
  const who = bottleneck === 'target' || bottleneck === 'none' ? '' : `${bottleneck}-limited: `
  return `${who}${because}${isLowerBound ? '; its throughput is a lower bound' : ''}`
}

/**
 * What limited each arm; arms that differ by their figures only share a line. At a rate that all can serve
 * nothing should limit, so that the latency phase is named only where something did.
 */
export function limitLines({ findings }: ResultDocument): string[] {
  const told = findings.filter(
    ({ phase, bottleneck }) => phase === 'capacity' || bottleneck !== 'none',
  )
  const groups = Map.groupBy(told, (one) => `${one.phase}: ${patternOf(limit(one))}`)
  return [...groups.values()].map((group) => {
    const phase = group[0]?.phase === 'latency' ? ', open loop' : ''
    const who = armsOf(findings, group)
    return `${who}${phase}: ${together(group.map(limit))}`
  })
}

/** Whom a line is about: `every arm`, where it is. */
function armsOf(all: readonly Finding[], some: readonly { readonly arm: string }[]): string {
  const names = [...new Set(some.map(({ arm }) => arm))]
  const every = new Set(all.map(({ arm }) => arm)).size
  return names.length > 1 && names.length === every ? 'every arm' : names.join(', ')
}

/** `throughput 5.3 % less (95 % interval 3.3 % less … 7.3 % less): worse`. */
export function difference({
  metric,
  ratio,
  uncorrectedRatio,
  outcome,
  margin,
}: Comparison): string {
  const meaning = outcome === 'same' ? `same within ${percent(margin)}` : outcome
  const before = uncorrectedRatio ? `; as measured ${estimated(uncorrectedRatio)}` : ''
  return `${metrics[metric].label} ${estimated(ratio)}: ${meaning}${before}`
}

/** `5.3 % less (95 % interval 3.3 % less … 7.3 % less)`. */
function estimated({ center, low, high, confidence, interval, n }: Summary): string {
  const edges = `${change(low)} … ${change(high)}`
  const sure =
    interval === 'confidence' ? `${percent(confidence)} interval ${edges}` : `${n} pairs ${edges}`
  return `${change(center)} (${sure})`
}

/** A ratio as a change: `5.3 % less`. */
function change(ratio: number): string {
  const size = percent(ratio - 1)
  if (size === '0 %') return 'the same'
  return `${size} ${ratio < 1 ? 'less' : 'more'}`
}

/** Everything that qualifies the figures; what differs by its figures only is said once, with their reach. */
export function caveats(document: ResultDocument): string[] {
  const { findings } = document
  const groups = Map.groupBy([...foundCaveats(findings), ...trialCaveats(document)], ({ caveat }) =>
    patternOf(caveat),
  )
  const said = [...groups.values()].map((group) => {
    const trials = group.filter(({ ofTrial }) => ofTrial).length
    const count = trials > 1 ? ` (${trials} trials)` : ''
    return `${armsOf(findings, group)}: ${together(group.map(({ caveat }) => caveat))}${count}`
  })
  return [...said, ...document.warnings]
}

/** What qualifies the figures of an arm: said of the arm, or of one of its trials. */
interface ArmCaveat {
  readonly arm: string
  readonly caveat: string
  readonly ofTrial: boolean
}

function foundCaveats(findings: readonly Finding[]): ArmCaveat[] {
  return findings.flatMap(({ arm, notes, metrics: found }) =>
    [...notes, ...Object.values(found).flatMap(({ warnings }) => warnings)].map((caveat) => ({
      ...{ arm, caveat },
      ofTrial: false,
    })),
  )
}

/** What trials that count have to say; the reasons of those that do not are notes of the finding. */
function trialCaveats({ findings, trials }: ResultDocument): ArmCaveat[] {
  const found = new Set(findings.map(({ arm, phase }) => `${phase} ${arm}`))
  return trials
    .filter(({ trial, verdict }) => verdict.valid && found.has(`${trial.phase} ${trial.arm}`))
    .flatMap(({ trial, verdict }) =>
      verdict.reasons.map((caveat) => ({ arm: trial.arm, caveat, ofTrial: true })),
    )
}

/** A line an arm that was asked for and not measured, with its reason. */
export function skippedLines({ plan }: ResultDocument): string[] {
  return (plan.skipped ?? []).map((arm) => `${skippedName(arm)}: not measured, ${arm.reason}`)
}

/** What it would be called, without cores: `caddy weighted`. */
export function skippedName({ target, algorithm }: SkippedArm): string {
  return `${target} ${algorithm}`
}

/** The targets that are programs of others, with their versions; empty where there is none. */
export function versions({ targets = [] }: ResultDocument): string {
  return targets
    .flatMap(({ target, version }) => (version === undefined ? [] : [[target, version]]))
    .filter(([target]) => target !== 'reference')
    .map((pair) => pair.join(' '))
    .join(', ')
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
    ...(plan.faults ? [plural(plan.faults.length, 'fault')] : []),
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
