import { type Fact, facts, inFlight } from '../../plan/documented/facts.ts'
import type { Documented } from '../../plan/documented/read-documented.ts'
import type { Remark } from '../../result/remark.ts'
import { approximatelyEqual, haveOneSubject, quoted } from './compare-facts.ts'
import { checkUtilisation } from './documented-cpu.ts'
import { checkInFlight, checkLoad } from './documented-load.ts'

/** Growth of throughput beyond that of the cores, as a fraction, that rounding does not explain. */
const beyondRounding = 0.02

/** Checks documented figures against laws that hold for any measurement, before anything is measured. */
export function documentedChecks(documented: Documented): Remark[] {
  const all = facts(documented)
  const rows = inFlight(documented)
  return [
    ...sameThingTwice(all),
    ...documented.loads.flatMap((load) => checkLoad(load, all, rows)),
    ...checkInFlight(rows),
    ...superlinear(all),
    ...checkUtilisation(all),
  ]
}

/** One metric of one subject on one number of cores, in two places with two values. */
function sameThingTwice(all: readonly Fact[]): Remark[] {
  return all.flatMap((one, i) =>
    all.slice(i + 1).flatMap((other): Remark[] => {
      const cores = one.arm.documentedCores
      const isSame = haveOneSubject(one, other) && cores === other.arm.documentedCores
      if (!isSame || approximatelyEqual(one, other)) return []
      const { target, algorithm } = one.arm
      const subject = { target, algorithm, cores }
      const figures = { first: quoted(one), second: quoted(other), ratio: ratio(one, other) }
      const values = { ...figures, ...subject, ...closeTo(one, other, all) }
      return [{ kind: 'contradiction', code: 'same-thing-twice', values }]
    }),
  )
}

/** The figure of other cores, beside the second, that the first is close to. */
function closeTo(one: Fact, other: Fact, all: readonly Fact[]) {
  const found = all.find(
    (fact) =>
      fact.table === other.table &&
      fact !== other &&
      haveOneSubject(fact, one) &&
      approximatelyEqual(fact, one),
  )
  if (found === undefined) return {}
  const { table, figure, arm } = found
  return { closeTo: { table, text: figure.text, cores: arm.documentedCores } }
}

/** Throughput that grows more than the cores in one table. */
function superlinear(all: readonly Fact[]): Remark[] {
  return steps(all).flatMap(([fewer, more]): Remark[] => {
    const growth = more.arm.documentedCores / fewer.arm.documentedCores
    const minGain =
      (more.figure.value - more.figure.slack) / (fewer.figure.value + fewer.figure.slack)
    if (minGain <= growth * (1 + beyondRounding)) return []
    const gain = more.figure.value / fewer.figure.value
    const values = { from: quoted(fewer), to: quoted(more), gain, growth }
    return [{ kind: 'contradiction', code: 'superlinear', values }]
  })
}

/** Throughput figures of one subject in one table, each with that of the next higher number of cores. */
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
