import type { ProcessCost } from '../../result/document.ts'
import { saturation } from '../../stats/trial/laws.ts'
import type { Bottleneck } from './bottleneck.ts'
import type { CpuSets, Evidence } from './evidence.ts'

/** The process, or the CPUs that several share, that had no CPU time left. */
export function cpuBottleneck(evidence: Evidence): Bottleneck | undefined {
  return ofOneRole(evidence) ?? ofSharedCpus(evidence)
}

/** Fraction of what it could use that a process used: of its CPUs, or of the one that its busiest thread can fill. */
export function cpuUsed(cost: ProcessCost, evidence: Evidence): number {
  return Math.max(ofItsCpus(cost, evidence), ofOneThread(cost, evidence))
}

/** CPU time of a process in the window. */
export function cpuSeconds(cost: ProcessCost): number {
  return cost.userSeconds + cost.systemSeconds
}

/** A saturated driver or backend hides what the target could do, so it comes first. */
function ofOneRole(evidence: Evidence): Bottleneck | undefined {
  const spins = evidence.measured.pacing === 'spin'
  const full = evidence.measured.processes.filter(
    (cost) => !(spins && cost.role === 'driver') && cpuUsed(cost, evidence) >= saturation,
  )
  for (const role of ['driver', 'backends', 'target'] as const) {
    const cost = full.find((candidate) => candidate.role === role)
    if (cost) return { bottleneck: role, reason: saturated(cost, evidence) }
  }
  return undefined
}

function ofItsCpus(cost: ProcessCost, { measured }: Evidence): number {
  return cpuSeconds(cost) / (measured.windowSeconds * cost.cpusGiven)
}

function ofOneThread(cost: ProcessCost, { measured }: Evidence): number {
  return cost.busiestThreadSeconds / measured.windowSeconds
}

function saturated(cost: ProcessCost, evidence: Evidence): Bottleneck['reason'] {
  const { role, cpusGiven: cpus } = cost
  const usedShare = ofItsCpus(cost, evidence)
  if (usedShare < saturation) {
    const threadShare = ofOneThread(cost, evidence)
    return { code: 'thread-saturated', values: { role, threadShare, usedShare, cpus } }
  }
  return { code: 'cpu-saturated', values: { role, usedShare: cpuUsed(cost, evidence), cpus } }
}

/** CPUs that several roles share, and that they saturate together. */
function ofSharedCpus(evidence: Evidence): Bottleneck | undefined {
  for (const cpus of distinctSets(evidence.cpuSets)) {
    const sharers = evidence.measured.processes.filter((cost) =>
      evidence.cpuSets[cost.role].some((cpu) => cpus.includes(cpu)),
    )
    const seconds = sharers.reduce((sum, cost) => sum + cpuSeconds(cost), 0)
    const usedShare = seconds / (evidence.measured.windowSeconds * cpus.length)
    if (sharers.length < 2 || usedShare < saturation) continue
    const { role: largest } = sharers.reduce((a, b) => (cpuSeconds(b) > cpuSeconds(a) ? b : a))
    const roles = sharers.map(({ role }) => role)
    return {
      bottleneck: roles.includes('target') ? 'host' : largest,
      reason: {
        code: 'shared-cpus-saturated',
        values: { roles, largest, usedShare, cpus: cpus.length },
      },
    }
  }
  return undefined
}

function distinctSets(sets: CpuSets): readonly (readonly number[])[] {
  const byText = new Map(Object.values(sets).map((cpus) => [cpus.join(), cpus]))
  return [...byText.values()].filter((cpus) => cpus.length > 0)
}
