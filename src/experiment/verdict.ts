import type { DriverReport } from '../driver/driver.ts'
import type { ProcessCost, Verdict } from '../result/document.ts'

type Role = ProcessCost['role']

/** CPUs that each role was held to; empty for a role that has no process. */
export type CpuSets = Readonly<Record<Role, readonly number[]>>

/** What a trial left behind, as far as its verdict needs it. Times in seconds. */
export interface Evidence {
  readonly report: DriverReport
  readonly processes: readonly ProcessCost[]
  readonly cpuSets: CpuSets
  readonly host: { readonly stealSeconds: number; readonly foreignSeconds: number }
}

/** Fraction of its CPUs from which a process counts as saturated: the rest is lost to timer ticks and wake-ups. */
const saturated = 0.9

/** What limited a trial: the process, or the CPUs it shared with others, that had nothing left. */
export function limit(evidence: Evidence): Pick<Verdict, 'limitedBy'> & { because: string } {
  const full = evidence.processes.filter((cost) => used(cost, evidence) >= saturated)
  // A driver or a backend without room hides what the target could do, so it is named first.
  for (const role of ['driver', 'backends', 'target'] as const) {
    const cost = full.find((candidate) => candidate.role === role)
    if (cost) return { limitedBy: role, because: ownSentence(cost, evidence) }
  }
  return sharedLimit(evidence) ?? { limitedBy: 'nothing', because: idleSentence(evidence) }
}

/** Fraction of the CPUs it was given that a process used. */
function used(cost: ProcessCost, { report }: Evidence): number {
  return cpuSeconds(cost) / (report.windowSeconds * cost.cpusGiven)
}

function cpuSeconds(cost: ProcessCost): number {
  return cost.userSeconds + cost.systemSeconds
}

/** CPUs that several roles share, and that are used up by them together. */
function sharedLimit(evidence: Evidence): ReturnType<typeof limit> | undefined {
  for (const cpus of distinctSets(evidence.cpuSets)) {
    const sharers = evidence.processes.filter((cost) =>
      evidence.cpuSets[cost.role].some((cpu) => cpus.includes(cpu)),
    )
    const seconds = sharers.reduce((sum, cost) => sum + cpuSeconds(cost), 0)
    const share = seconds / (evidence.report.windowSeconds * cpus.length)
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

function distinctSets(sets: CpuSets): readonly (readonly number[])[] {
  const byText = new Map(Object.values(sets).map((cpus) => [cpus.join(), cpus]))
  return [...byText.values()].filter((cpus) => cpus.length > 0)
}

function ownSentence(cost: ProcessCost, evidence: Evidence): string {
  return `${cost.role} used ${percent(used(cost, evidence))} of the ${plural(cost.cpusGiven, 'CPU')} that it could use`
}

function idleSentence(evidence: Evidence): string {
  const all = evidence.processes.map((cost) => `${cost.role} ${percent(used(cost, evidence))}`)
  return `no process used all of its CPU (${all.join(', ')}): more connections, or slow backends, would explain it`
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
