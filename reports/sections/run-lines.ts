import { plural } from '../../src/kit/plural.ts'
import { printable } from '../../src/kit/printable.ts'
import { quantity } from '../../src/kit/units.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { reasonLines } from './reasons.ts'

/** The scenario, and whether the run was completed. */
export function title({ plan, complete, trials }: ResultDocument): string {
  const cut = complete ? '' : ` (stopped after ${trials.length} of ${plan.trials.length} trials)`
  return `${plan.scenario}${cut}`
}

/** The load: `5 trials × 2 s per arm, 40 connections, 3 backends, seed 1`. */
export function load({ plan }: ResultDocument): string {
  return [
    `${plural(plan.blocks, 'trial')} × ${plan.duration} s per arm`,
    plural(plan.connections, 'connection'),
    plural(plan.backends.length, 'backend'),
    ...(plan.faults ? [plural(plan.faults.length, 'fault')] : []),
    `seed ${plan.seed}`,
  ].join(', ')
}

/** The machine in one line. */
export function machine({ host }: ResultDocument): string {
  const { cpuModel, cpus, cpusAvailable, memoryBytes, os, node } = host
  return `${cpuModel}, ${cpusAvailable} of ${plural(cpus, 'CPU')}, ${quantity(memoryBytes, 'bytes')}, ${os}, Node ${node}`
}

/** Where the processes ran, in one line: a clause for each way in which arms were placed, and the driver. */
export function placementLine({ placement, driver, findings, trials }: ResultDocument): string {
  const agreeing = findings.flatMap(({ notes }) =>
    notes.filter(({ code }) => code === 'witness-agrees'),
  )
  const reasons = [...placement, ...(driver ? [driver] : []), ...agreeing]
  const pacing = new Set(trials.flatMap((one) => one.pacing ?? []))
  const waits = [...pacing].map((one) => `driver of the latency phase: ${pacingWords[one]}`)
  return [...new Set([...reasonLines(reasons), ...waits])].join(' · ')
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

/** The shell line that reproduces the run; where its results went is left out. */
export function reproduceCommand({ command, plan }: ResultDocument): string {
  const seeded = command.some((word) => /^--seed(=|$)/.test(word))
  return ['npx', 'lb', ...measuring(command), ...(seeded ? [] : ['--seed', String(plan.seed)])]
    .map(quoted)
    .join(' ')
}

/** Flags that say where and how a result is written: those with a value, and those without. */
const outputFlags = /^(?:--(?:output|format|charts|max-bytes|out|progress)|-o)$/
const outputSwitches =
  /^(?:--(?:output|format|charts|max-bytes|out|progress)=.*|-o.+|--(?:force|json|keep|no-keep|full|no-color))$/s

function measuring(command: readonly string[]): string[] {
  return command.filter(
    (word, i) =>
      !outputSwitches.test(word) &&
      !outputFlags.test(word) &&
      !outputFlags.test(command[i - 1] ?? ''),
  )
}

/** A word for a shell; one with control characters in the quotes of POSIX.1-2024, section 2.2.4, which name them. */
function quoted(word: string): string {
  if (printable(word) !== word) {
    const inside = word.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
    return `$'${inside.replaceAll('\r', '\\r').split(/( +)/).map(printable).join('')}'`
  }
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
