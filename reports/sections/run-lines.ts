import { shellLine } from '../../src/kit/command-line.ts'
import { plural } from '../../src/kit/plural.ts'
import { quantity } from '../../src/kit/units.ts'
import { withoutDestinations } from '../../src/result/command-words.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { connectionLine } from './connection-line.ts'
import { engineOfRun } from './engine-lines.ts'
import { reasonLines } from './reasons.ts'

/** The scenario, and whether the run was completed. */
export function title({ plan, complete, trials, tune }: ResultDocument): string {
  const cut = complete ? '' : ` (stopped after ${trials.length} of ${plan.trials.length} trials)`
  return `${tune?.target ?? plan.scenario}${cut}`
}

/** The load: `5 trials × 2 s per arm, 40 connections, 3 backends, seed 1`. */
export function load({ plan }: ResultDocument): string {
  return [
    `${plural(plan.blocks, 'trial')} × ${plan.duration} s per arm`,
    plural(plan.connections, 'connection'),
    plural(plan.backends.length, 'backend'),
    ...(plan.visits ? [plural(plan.visits.journeys.length, 'journey')] : []),
    ...(plan.faults ? [plural(plan.faults.length, 'fault')] : []),
    `seed ${plan.seed}`,
  ].join(', ')
}

/** The machine in one line. */
export function machine({ host }: ResultDocument): string {
  const { cpuModel, cpus, cpusAvailable, memoryBytes, os, node } = host
  return `${cpuModel}, ${cpusAvailable} of ${plural(cpus, 'CPU')}, ${quantity(memoryBytes, 'bytes')}, ${os}, Node ${node}`
}

/** Where the processes ran, in one line: a clause for each way in which arms were placed, the driver, and its connections. */
export function placementLine(document: ResultDocument): string {
  const { placement, driver, findings, trials } = document
  const agreeing = findings.flatMap(({ notes }) =>
    notes.filter(({ code }) => code === 'witness-agrees'),
  )
  const reasons = [...placement, ...(driver ? [driver] : []), ...agreeing]
  const pacing = new Set(trials.flatMap((one) => one.pacing ?? []))
  const waits = [...pacing].map((one) => `driver of the latency phase: ${pacingWords[one]}`)
  const connections = connectionLine(document) ?? []
  const all = [...engineOfRun(document), ...reasonLines(reasons), ...waits, ...connections]
  return [...new Set(all)].join(' · ')
}

const pacingWords = {
  spin: 'spins between requests, on a CPU of its own',
  sleep: 'sleeps between requests',
} as const

/** The targets that are other programs, with their versions; empty where there is none. */
export function versions({ targets = [] }: ResultDocument): string {
  return targets
    .flatMap(({ target, version }) => (version === undefined ? [] : [[target, version]]))
    .filter(([target]) => target !== 'reference')
    .map((pair) => pair.join(' '))
    .join(', ')
}

/** The shell line that reproduces the run, without what says where its result goes. */
export function reproduceCommand({ command, plan }: ResultDocument): string {
  const words = withoutDestinations(command)
  const seeded = words.some((word) => /^--seed(=|$)/.test(word))
  return shellLine(['npx', 'lb', ...words, ...(seeded ? [] : ['--seed', String(plan.seed)])])
}
