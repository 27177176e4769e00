import type { Fact } from '../../plan/documented/facts.ts'
import type { Remark } from '../../result/remark.ts'
import { saturation } from '../../stats/trial/laws.ts'
import { haveOneSubject, quoted, tolerance } from './compare-facts.ts'

/** CPUs used beyond those given, as a fraction, that rounding does not explain. */
const beyondRounding = 0.02

/** U = X·D: the throughput that the CPU time of a request allows, and whether the CPUs were saturated at all. */
export function checkUtilisation(all: readonly Fact[]): Remark[] {
  const used = all.filter(({ metric }) => metric === 'cpuUsed')
  const costs = used.flatMap((cpu) => {
    const rate = all.find((one) => one.metric === 'throughput' && one.row === cpu.row)
    return rate ? [{ cpu, rate, cpus: cpusOf(cpu) }] : []
  })
  return [
    ...used.flatMap(beyondCores),
    ...costs.flatMap((cost) => beyondCpuTime(cost, all)),
    ...idle(costs),
  ]
}

/** CPUs used at a documented rate. */
interface Cost {
  readonly cpu: Fact
  readonly rate: Fact
  readonly cpus: number
}

/** CPUs that a documented figure amounts to; a share is one of all documented cores. */
export function cpusOf({ figure, arm }: Pick<Fact, 'figure' | 'arm'>): number {
  return figure.unit === '%' ? figure.value * arm.documentedCores : figure.value
}

function beyondCores(cpu: Fact): Remark[] {
  const cores = cpu.arm.documentedCores
  if (cpusOf(cpu) <= cores * (1 + beyondRounding)) return []
  return [
    { kind: 'contradiction', code: 'cpu-beyond-cores', values: { figure: quoted(cpu), cores } },
  ]
}

function beyondCpuTime({ cpu, rate, cpus }: Cost, all: readonly Fact[]): Remark[] {
  const cpuSeconds = cpus / rate.figure.value
  return all.flatMap((other): Remark[] => {
    const cores = other.arm.documentedCores
    const maxRate = cores / cpuSeconds
    const isPossible = other.figure.value - other.figure.slack <= maxRate * (1 + tolerance)
    const isOther = other.metric === 'throughput' && other !== rate && haveOneSubject(rate, other)
    if (!isOther || isPossible) return []
    const documented = {
      row: cpu.row,
      used: cpu.figure.text,
      ofCores: cpu.arm.documentedCores,
      throughput: rate.figure.text,
    }
    const values = { ...documented, cpuSeconds, cores, maxRate, figure: quoted(other) }
    return [{ kind: 'contradiction', code: 'throughput-beyond-cpu', values }]
  })
}

function idle(costs: readonly Cost[]): Remark[] {
  const rows = costs
    .filter(({ cpu, cpus }) => cpus < saturation * cpu.arm.documentedCores)
    .map(({ cpu: { row, figure, arm } }) => ({
      ...{ row, used: figure.text, cores: arm.documentedCores },
    }))
  return rows.length === 0 ? [] : [{ kind: 'implication', code: 'cpu-idle', values: { rows } }]
}
