import { percent, rounded } from '../../kit/units.ts'
import { type Fact, facts, inFlight } from '../../plan/documented/facts.ts'
import type { Documented } from '../../plan/documented/read-documented.ts'
import type { Remark } from '../../result/reproduction.ts'
import { utilisation } from './documented-cpu.ts'
import { inFlightAlike, loadFits } from './documented-load.ts'
import { close, cores, named, ofSame } from './fact-format.ts'

/** Growth beyond the cores' own that is more than rounding. */
const superlinear = 0.02

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

function ratio(one: Fact, other: Fact): number {
  const [a, b] = [one.figure.value, other.figure.value]
  return Math.max(a, b) / Math.min(a, b)
}
