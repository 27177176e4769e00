import { percent, quantity, rounded } from '../kit/units.ts'
import type { Documented, DocumentedLoad } from '../plan/documented.ts'
import { type Fact, facts, type InFlight, inFlight } from '../plan/documented-facts.ts'
import type { Remark } from '../result/reproduction.ts'

/** Two figures closer than this say the same, whatever else rounded them. */
const alike = 0.05
/** Growth beyond the cores' own that is more than rounding. */
const superlinear = 0.02
/** Requests in flight of rows under one load: as far apart as two rounded figures bring them. */
const oneLoad = 0.15
/** Share of the CPUs from which on they were the limit. */
const saturated = 0.9

/** What documented figures say of themselves, before anything is measured: laws that any such table must obey. */
export function documentedChecks(documented: Documented): Remark[] {
  const all = facts(documented)
  const rows = inFlight(documented)
  return [
    ...sameTwice(all),
    ...documented.loads.flatMap((load) => loadFits(load, all, rows)),
    ...inFlightAlike(rows),
    ...efficiency(all),
    ...utilisation(all),
  ]
}

/** The same metric of the same thing on as many cores, in two places. */
function sameTwice(all: readonly Fact[]): Remark[] {
  return all.flatMap((one, i) =>
    all.slice(i + 1).flatMap((other): Remark[] => {
      const same = ofSame(one, other) && one.arm.documentedCores === other.arm.documentedCores
      if (!same || close(one, other)) return []
      const { target, algorithm, documentedCores } = one.arm
      const what = `${target === 'reference' ? '' : `${target} `}${algorithm} on ${cores(documentedCores)}`
      return [
        {
          kind: 'contradiction',
          check: 'same thing twice',
          text: `${named(one)} and ${named(other)} are both of ${what}, and ${rounded(ratio(one, other))} times apart${nearer(one, other, all)}.`,
        },
      ]
    }),
  )
}

/** The figure of other cores, beside the second, to which the first comes close. */
function nearer(one: Fact, other: Fact, all: readonly Fact[]): string {
  const found = all.find(
    (fact) => fact.table === other.table && fact !== other && ofSame(fact, one) && close(fact, one),
  )
  return found === undefined
    ? ''
    : `; the first is close to what ${found.table} has for ${cores(found.arm.documentedCores)} (${found.figure.text})`
}

/** A load with a pause can ask for so much and no more; and keeps as many under way as it has users. */
function loadFits(
  { name, users, pause }: DocumentedLoad,
  all: readonly Fact[],
  rows: readonly InFlight[],
): Remark[] {
  const most = pause > 0 ? users / pause : Number.POSITIVE_INFINITY
  const beyond = all.filter(
    ({ metric, figure }) => metric === 'throughput' && figure.value - figure.slack > most,
  )
  const wait = pause > 0 ? `, each pausing ${quantity(pause, 's')}` : ''
  if (beyond.length > 0) {
    return [
      {
        kind: 'contradiction',
        check: 'load',
        text: `${name} (${users} users${wait}) asks for ${rounded(most)} req/s at most, users ÷ pause; ${few(beyond)} above that, so it produced none of them.`,
      },
    ]
  }
  return rows.flatMap(({ row, throughput, latency }): Remark[] => {
    const busy = throughput.figure.value * (latency.figure.value + pause)
    if (Math.abs(busy / users - 1) <= oneLoad) return []
    return [
      {
        kind: 'contradiction',
        check: "Little's law",
        text: `${row}: ${throughput.figure.text} at ${latency.figure.text}${pause > 0 ? ' and the pause' : ''} keep ${rounded(busy)} users busy, and ${name} has ${users}.`,
      },
    ]
  })
}

function few(beyond: readonly Fact[]): string {
  const sorted = beyond.toSorted((a, b) => a.figure.value - b.figure.value)
  const [least, most] = [sorted[0] as Fact, sorted.at(-1) as Fact]
  return sorted.length === 1
    ? `one documented figure, ${least.figure.text}, is`
    : `${sorted.length} documented figures, ${least.figure.text} to ${most.figure.text}, are`
}

/** Throughput × mean latency of each row: one load, or several. */
function inFlightAlike(rows: readonly InFlight[]): Remark[] {
  if (rows.length === 0) return []
  const each = rows
    .map(
      ({ row, throughput, latency, requests }) =>
        `${row} ${throughput.figure.text} × ${latency.figure.text} = ${rounded(requests)}`,
    )
    .join('; ')
  const counts = rows.map(({ requests }) => requests)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (most / least - 1 > oneLoad) {
    return [
      {
        kind: 'contradiction',
        check: "Little's law",
        text: `throughput × latency is the number of requests under way, and the rows had not the same load: ${each}.`,
      },
    ]
  }
  const about = [...new Set([least, most].map(Math.round))].join(' to ')
  return [
    {
      kind: 'implication',
      check: "Little's law",
      text: `throughput × latency is the number of requests under way, so each row is one measurement and not two (${each}); a closed loop of ${about} connections has this shape.`,
    },
  ]
}

/** More cores in one table: growth beyond theirs. */
function efficiency(all: readonly Fact[]): Remark[] {
  return steps(all).flatMap(([fewer, more]): Remark[] => {
    const growth = more.arm.documentedCores / fewer.arm.documentedCores
    const least =
      (more.figure.value - more.figure.slack) / (fewer.figure.value + fewer.figure.slack)
    if (least <= growth * (1 + superlinear)) return []
    const gain = more.figure.value / fewer.figure.value
    return [
      {
        kind: 'contradiction',
        check: 'efficiency',
        text: `${named(fewer)} to ${named(more)}: ${rounded(gain)} times the throughput of ${rounded(growth)} times the cores is an efficiency of ${percent(gain / growth)}, and more than 100 % is no gain of cores: most often something else limited the smaller run.`,
      },
    ]
  })
}

/** Throughput figures of one thing in one table, each with the next more cores. */
function steps(all: readonly Fact[]): (readonly [Fact, Fact])[] {
  const groups = Map.groupBy(
    all.filter(({ metric }) => metric === 'throughput'),
    ({ table, arm }) => JSON.stringify([table, arm.target, arm.algorithm]),
  )
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => a.arm.documentedCores - b.arm.documentedCores)
    return sorted
      .slice(1)
      .map((more, i) => [sorted[i] as Fact, more] as const)
      .filter(([fewer, more]) => fewer.arm.documentedCores < more.arm.documentedCores)
  })
}

/** U = X·D: what the CPU cost of a request allows, and whether the CPUs were the limit at all. */
function utilisation(all: readonly Fact[]): Remark[] {
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
  if (cpusOf(cpu) <= cpu.arm.documentedCores * (1 + superlinear)) return []
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

function ofSame(one: Fact, other: Fact): boolean {
  return (
    one.metric === other.metric &&
    one.arm.target === other.arm.target &&
    one.arm.algorithm === other.arm.algorithm
  )
}

function ratio(one: Fact, other: Fact): number {
  const [a, b] = [one.figure.value, other.figure.value]
  return Math.max(a, b) / Math.min(a, b)
}

/** Whether two figures may be one, but for their rounding. */
function close(one: Fact, other: Fact): boolean {
  const [a, b] = [one.figure, other.figure]
  return Math.abs(a.value - b.value) <= a.slack + b.slack + alike * Math.max(a.value, b.value)
}

function named({ table, row, figure }: Fact): string {
  return `${figure.text} (${table}, ${row})`
}

function cores(n: number): string {
  return `${n} core${n === 1 ? '' : 's'}`
}
