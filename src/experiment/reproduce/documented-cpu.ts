import { quantity, rounded } from '../../kit/units.ts'
import type { Fact } from '../../plan/documented/facts.ts'
import type { Remark } from '../../result/reproduction.ts'
import { alike, cores, named, ofSame } from './fact-format.ts'

/** Share of the CPUs from which on they were the limit. */
const saturated = 0.9
/** CPUs beyond those there were that are more than rounding. */
const overfullBy = 0.02

/** U = X·D: what the CPU cost of a request allows, and whether the CPUs were the limit at all. */
export function utilisation(all: readonly Fact[]): Remark[] {
  const used = all.filter(({ metric }) => metric === 'cpuUsed')
  const costs = used.flatMap((cpu) => {
    const { figure, arm, row } = cpu
    const rate = all.find((one) => one.metric === 'throughput' && one.row === row)
    const cpus = cpusOf(cpu)
    return rate
      ? [{ cpu, rate, cpus, text: `${figure.text} of ${cores(arm.documentedCores)}` }]
      : []
  })
  return [
    ...used.flatMap(overfull),
    ...costs.flatMap((cost) => beyondCost(cost, all)),
    ...unsaturated(costs),
  ]
}

interface Cost {
  readonly cpu: Fact
  readonly rate: Fact
  readonly cpus: number
  readonly text: string
}

/** CPUs that a documented figure comes to; a share is one of all the documented cores. */
export function cpusOf({ figure, arm }: Pick<Fact, 'figure' | 'arm'>): number {
  return figure.unit === '%' ? figure.value * arm.documentedCores : figure.value
}

function overfull(cpu: Fact): Remark[] {
  if (cpusOf(cpu) <= cpu.arm.documentedCores * (1 + overfullBy)) return []
  return [
    {
      kind: 'contradiction',
      check: 'utilisation law',
      text: `${named(cpu)} is more than the ${cores(cpu.arm.documentedCores)} that it had.`,
    },
  ]
}

function beyondCost({ cpu, rate, cpus, text }: Cost, all: readonly Fact[]): Remark[] {
  const demand = cpus / rate.figure.value
  return all.flatMap((other): Remark[] => {
    const most = other.arm.documentedCores / demand
    const fits = other.figure.value - other.figure.slack <= most * (1 + alike)
    if (other.metric !== 'throughput' || other === rate || !ofSame(rate, other) || fits) return []
    return [
      {
        kind: 'contradiction',
        check: 'utilisation law',
        text: `${cpu.row} takes ${quantity(demand, 's')} of CPU a request (${text} at ${rate.figure.text}), with which ${cores(other.arm.documentedCores)} can do ${rounded(most)} req/s at most; ${named(other)} is more.`,
      },
    ]
  })
}

function unsaturated(costs: readonly Cost[]): Remark[] {
  const idle = costs.filter(({ cpu, cpus }) => cpus < saturated * cpu.arm.documentedCores)
  if (idle.length === 0) return []
  return [
    {
      kind: 'implication',
      check: 'saturation',
      text: `with ${idle.map(({ cpu, text }) => `${text} (${cpu.row})`).join(', ')} in use, CPU did not limit these throughputs: they say what the load asked for, or one busy thread could do, not what the balancer can.`,
    },
  ]
}
