import type { ProcessCost } from '../../result/document.ts'
import { percent, plural } from '../words.ts'
import type { CpuSets, Evidence, Limit } from './verdict.ts'

/** Fraction of its CPUs from which a process counts as saturated: the rest is lost to timer ticks and wake-ups. */
export const saturated = 0.9

/** The process, or the CPUs that several share, that had nothing left. */
export function cpuLimit(evidence: Evidence): Limit | undefined {
  return ownLimit(evidence) ?? sharedLimit(evidence)
}

/** Fraction of what it could use that a process used: of its CPUs, or of the one that its busiest thread can fill. */
export function cpuUsed(cost: ProcessCost, evidence: Evidence): number {
  return Math.max(ofItsCpus(cost, evidence), ofOneThread(cost, evidence))
}

/** A driver or a backend without room hides what the target could do, so it is named first. */
function ownLimit(evidence: Evidence): Limit | undefined {
  const full = evidence.measured.processes.filter((cost) => cpuUsed(cost, evidence) >= saturated)
  for (const role of ['driver', 'backends', 'target'] as const) {
    const cost = full.find((candidate) => candidate.role === role)
    if (cost) return { bottleneck: role, because: ownSentence(cost, evidence) }
  }
  return undefined
}

function ofItsCpus(cost: ProcessCost, { measured }: Evidence): number {
  return cpuSeconds(cost) / (measured.windowSeconds * cost.cpusGiven)
}

function ofOneThread(cost: ProcessCost, { measured }: Evidence): number {
  return cost.busiestThreadSeconds / measured.windowSeconds
}

/** CPU time of a process in the window. */
export function cpuSeconds(cost: ProcessCost): number {
  return cost.userSeconds + cost.systemSeconds
}

function ownSentence(cost: ProcessCost, evidence: Evidence): string {
  if (ofItsCpus(cost, evidence) < saturated) {
    return `the busiest thread of ${cost.role} used ${percent(ofOneThread(cost, evidence))} of a CPU, all of them together ${percent(ofItsCpus(cost, evidence))} of ${plural(cost.cpusGiven, 'CPU')}: its work is not spread evenly`
  }
  return `${cost.role} used ${percent(cpuUsed(cost, evidence))} of the ${plural(cost.cpusGiven, 'CPU')} that it could use`
}

/** CPUs that several roles share, and that are used up by them together. */
function sharedLimit(evidence: Evidence): Limit | undefined {
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
      bottleneck: sharers.some(({ role }) => role === 'target') ? 'host' : first.role,
      because: `${names} shared ${plural(cpus.length, 'CPU')} and used ${percent(share)} of ${cpus.length === 1 ? 'it' : 'them'}; ${first.role} used most`,
    }
  }
  return undefined
}

function distinctSets(sets: CpuSets): readonly (readonly number[])[] {
  const byText = new Map(Object.values(sets).map((cpus) => [cpus.join(), cpus]))
  return [...byText.values()].filter((cpus) => cpus.length > 0)
}
