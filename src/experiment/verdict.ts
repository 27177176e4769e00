import type { Measurement, ProcessCost, Verdict } from '../result/document.ts'
import { checks } from './checks.ts'

type Role = ProcessCost['role']

/** CPUs that each role was held to. */
export type CpuSets = Readonly<Record<Role, readonly number[]>>

/** What a trial left behind, as far as its verdict needs it. */
export interface Evidence {
  readonly measured: Omit<Measurement, 'verdict'>
  readonly cpuSets: CpuSets
  /** Connections of the closed loop, or the most requests in flight of the open loop. */
  readonly connections: number
}

/** What limited a trial, and whether its figures may enter an estimate. */
export function judge(evidence: Evidence): Verdict {
  const broken = checks(evidence).filter(({ broken }) => broken !== undefined)
  return {
    ...limit(evidence),
    valid: !broken.some(({ fatal }) => fatal),
    reasons: broken.map(({ broken }) => broken as string),
  }
}

/** Fraction of its CPUs from which a process counts as saturated: the rest is lost to timer ticks and wake-ups. */
const saturated = 0.9

/** What limited a trial: the process, or the CPUs it shared with others, that had nothing left. */
export function limit(evidence: Evidence): Pick<Verdict, 'limitedBy' | 'because'> {
  const full = evidence.measured.processes.filter((cost) => used(cost, evidence) >= saturated)
  // A driver or a backend without room hides what the target could do, so it is named first.
  for (const role of ['driver', 'backends', 'target'] as const) {
    const cost = full.find((candidate) => candidate.role === role)
    if (cost) return { limitedBy: role, because: ownSentence(cost, evidence) }
  }
  return (
    sharedLimit(evidence) ??
    foreignLimit(evidence) ?? { limitedBy: 'nothing', because: idleSentence(evidence) }
  )
}

/** Fraction of what it could use that a process used: of its CPUs, or of the one that its busiest thread can fill. */
function used(cost: ProcessCost, evidence: Evidence): number {
  return Math.max(ofItsCpus(cost, evidence), ofOneThread(cost, evidence))
}

function ofItsCpus(cost: ProcessCost, { measured }: Evidence): number {
  return cpuSeconds(cost) / (measured.windowSeconds * cost.cpusGiven)
}

function ofOneThread(cost: ProcessCost, { measured }: Evidence): number {
  return cost.busiestThreadSeconds / measured.windowSeconds
}

function cpuSeconds(cost: ProcessCost): number {
  return cost.userSeconds + cost.systemSeconds
}

/** CPUs that several roles share, and that are used up by them together. */
function sharedLimit(evidence: Evidence): ReturnType<typeof limit> | undefined {
  for (const cpus of distinctSets(evidence.cpuSets)) {
    const sharers = evidence.measured.processes.filter((cost) =>
      evidence.cpuSets[cost.role].some((cpu) => cpus.includes(cpu)),
    )
    const seconds = sharers.reduce((sum, cost) => sum + cpuSeconds(cost), 0)
    const share = seconds / (evidence.measured.windowSeconds * cpus.length)
    if (sharers.length < 2 || share < saturated) continue
    const first = sharers.reduce((a, b) => (cpuSeconds(b) > cpuSeconds(a) ? b : a))
    const names = sharers.map(({ role }) => role).join(', ')
    return {
      limitedBy: sharers.some(({ role }) => role === 'target') ? 'host' : first.role,
      because: `${names} shared ${plural(cpus.length, 'CPU')} and used ${percent(share)} of ${cpus.length === 1 ? 'it' : 'them'}; ${first.role} used most`,
    }
  }
  return undefined
}

/** CPUs that were used up, and not by us alone. */
function foreignLimit({ measured, cpuSets }: Evidence): ReturnType<typeof limit> | undefined {
  const cpus = new Set(Object.values(cpuSets).flat()).size
  const ours = measured.processes.reduce((sum, cost) => sum + cpuSeconds(cost), 0)
  const others = measured.host.foreignSeconds + measured.host.stealSeconds
  const all = measured.windowSeconds * cpus
  if (others < 0.05 * all || ours + others < saturated * all) return undefined
  return {
    limitedBy: 'host',
    because: `programs that are not part of the trial used ${percent(others / all)} of the ${plural(cpus, 'CPU')}, and nothing was left`,
  }
}

function distinctSets(sets: CpuSets): readonly (readonly number[])[] {
  const byText = new Map(Object.values(sets).map((cpus) => [cpus.join(), cpus]))
  return [...byText.values()].filter((cpus) => cpus.length > 0)
}

function ownSentence(cost: ProcessCost, evidence: Evidence): string {
  if (ofItsCpus(cost, evidence) < saturated) {
    return `the busiest thread of ${cost.role} used ${percent(ofOneThread(cost, evidence))} of a CPU, all of them together ${percent(ofItsCpus(cost, evidence))} of ${plural(cost.cpusGiven, 'CPU')}: its work is not spread evenly`
  }
  return `${cost.role} used ${percent(used(cost, evidence))} of the ${plural(cost.cpusGiven, 'CPU')} that it could use`
}

function idleSentence(evidence: Evidence): string {
  const all = evidence.measured.processes.map(
    (cost) => `${cost.role} ${percent(used(cost, evidence))}`,
  )
  return `no process used all of its CPU (${all.join(', ')}): more connections, or slow backends, would explain it`
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
